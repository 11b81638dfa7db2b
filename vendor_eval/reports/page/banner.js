// @ts-check
/** The banner: that this is not the official result, who would come first, and what was changed. */
import {agreedWeights, movedWeights, PRICE, ruleOf} from "./arithmetic.js";
import {countText, differenceText, listText, numberText} from "./figures.js";

const SPEAK_AFTER = 700;

/**
 * @param {import("./arithmetic.js").PageData} page
 * @param {import("./state.js").Store} store
 */
export function startBanner(page, store) {
  const [banner, verdict, changed, spoken, unknown] = ["banner", "verdict", "changed", "spoken", "unknown"].map(
    (id) => /** @type {HTMLElement} */ (document.getElementById(id)),
  );
  let timer = 0;
  store.subscribe(() => {
    const agreed = store.isAgreed;
    banner.hidden = agreed;
    document.documentElement.classList.toggle("changed", !agreed);
    verdict.textContent = agreed ? "" : verdictText(page, store);
    changed.textContent = agreed ? "" : `You changed ${listText(changesOf(page, store))}.`;
    unknown.hidden = !store.unknown.length;
    unknown.textContent = store.unknown.length
      ? `The link names what is not in this evaluation, so this part of it is ignored: ${listText(store.unknown)}.`
      : "";
    clearTimeout(timer);
    timer = setTimeout(() => (spoken.textContent = agreed ? "This is the agreed result." : verdictText(page, store)), SPEAK_AFTER);
  });
  for (const button of document.querySelectorAll(".reset")) button.addEventListener("click", () => store.reset());
}

/**
 * Say who comes first, and whether that differs from the agreed result.
 * @param {import("./arithmetic.js").PageData} page
 * @param {import("./state.js").Store} store
 * @returns {string}
 */
export function verdictText(page, store) {
  const {result, agreedResult, data} = store;
  /** @param {string[]} ids */
  const named = (ids) => listText(ids.map((id) => data.vendors.names[data.vendors.ids.indexOf(id)]));
  if (data.is_screen) {
    return result.shortlist.length ? `${named(result.shortlist)} would go on.` : "No vendor would go on.";
  }
  /** @param {typeof result} ranked */
  const firstOf = (ranked) => ranked.vendors.filter((vendor) => vendor.rank === 1).map((vendor) => vendor.id);
  const first = firstOf(result), before = firstOf(agreedResult);
  if (!first.length) return "No vendor could be ranked.";
  const [top, next] = result.vendors;
  const points = `${numberText(top.score, page.digits)} points`;
  if (first.length > 1) return `${named(first)} would share the first place with ${points}.`;
  const same = before.length === 1 && before[0] === first[0];
  const who = `${named(first)} ${same ? "stays first" : "would come first"} with ${points}`;
  const agreed = same || !before.length ? "" : ` Agreed: ${named(before)}.`;
  if (!next || next.rank === null) return `${who}.${agreed}`;
  if (ruleOf(data, store.state) === "quality_per_price") {
    return `${who} and the most quality for its price.${agreed}`;
  }
  if (top.tieBrokenBy) return `${who}, level with ${named([next.id])} and ahead on the tie-breaker.${agreed}`;
  const ahead = differenceText((top.score ?? 0) - (next.score ?? 0), page.digits).slice(1);
  return `${who}, ${ahead} ahead of ${named([next.id])}.${agreed}`;
}

/**
 * List what differs from the agreed result.
 * @param {import("./arithmetic.js").PageData} page
 * @param {import("./state.js").Store} store
 * @returns {string[]}
 */
function changesOf(page, {data, state}) {
  const agreed = agreedWeights(data), {ids, titles} = data.categories, {names} = data.vendors;
  const weighted = Object.keys(agreed); // none in a screen
  const heaviest = weighted.reduce((most, name) =>
    state.weights[name] - agreed[name] > state.weights[most] - agreed[most] ? name : most, weighted[0]);
  const title = heaviest === PRICE ? "the price" : titles[ids.indexOf(heaviest)];
  const answers = Object.keys(state.set).length, prices = Object.keys(state.prices).length;
  const {out, without} = state;
  return [
    ...(movedWeights(data, state).length
      ? [`the weights (${title} now has ${numberText(state.weights[heaviest])} points)`]
      : []),
    ...(answers ? [countText(answers, "answer")] : []),
    ...(ruleOf(data, state) !== (data.price?.rule ?? "") ? ["the price rule"] : []),
    ...(prices ? [countText(prices, "price")] : []),
    ...(out.length ? [`who takes part (without ${listText(out.map((id) => names[data.vendors.ids.indexOf(id)]))})`] : []),
    ...(without ? [`the panel (without ${page.evaluators[without] ?? without})`] : []),
  ];
}
