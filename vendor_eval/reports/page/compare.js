// @ts-check
/** Why a vendor stands where it does: two vendors side by side, what differs most first. */
import {contributions, PRICE, ruleOf} from "./arithmetic.js";
import {answerCard, answerText, vendorName, outcomeOf, questionText, vendorsOf} from "./answers.js";
import {arrange, byId, chooser, live, make, opening, shorten} from "./elements.js";
import {differenceText, numberText, ordinalText} from "./figures.js";

/**
 * @typedef {import("./answers.js").View} View
 * @typedef {import("./answers.js").Outcome} Outcome
 */

const FIRST_SHOWN = 12;

/**
 * @param {import("./arithmetic.js").PageData} page
 * @param {import("./state.js").Store} store
 */
export function startCompare(page, store) {
  const view = {page, store}, vendors = vendorsOf(view), inside = make("div");
  if (vendors.length < 2) return;
  const draw = () => inside.replaceChildren(pairPart(view, asked.select.value, () => against.select.value));
  const asked = chooser("Why is this vendor where it is?", vendors, draw);
  const against = chooser("Compared with", [["", "its neighbor in the ranking"], ...vendors], draw);
  asked.select.value = vendors[1][0];
  byId("compare").hidden = false;
  byId("compare").append(make("div", {className: "fields"}, asked.field, against.field), inside);
  draw();
  for (const [id, name] of vendors) {
    document.querySelector(`#ranking [data-vendor="${CSS.escape(id)}"] th`)?.append(make("span", {className: "asks"},
      asking("Why this place?", name, "compare", id), asking("All answers", name, "detail", id)));
  }
}

/**
 * Make a button that chooses a vendor in a part of the page, and goes there.
 * @param {string} words
 * @param {string} name
 * @param {string} part
 * @param {string} id
 */
function asking(words, name, part, id) {
  const button = make("button", {type: "button", className: "ask", "aria-label": `${name}: ${words}`}, words);
  button.addEventListener("click", () => {
    const select = /** @type {HTMLSelectElement} */ (byId(part).querySelector("select"));
    select.value = id;
    select.dispatchEvent(new Event("change"));
    byId(part).scrollIntoView();
    select.focus({preventScroll: true});
  });
  return button;
}

/** @param {View} view @param {string} id @param {() => string} chosen */
function pairPart(view, id, chosen) {
  const words = make("div", {}), table = make("div", {}), list = make("div", {className: "pairs"});
  const more = make("button", {type: "button"}, "Show all questions");
  /** @type {Map<string, HTMLElement>} */
  const rows = new Map();
  let most = FIRST_SHOWN;
  const draw = () => {
    const first = outcomeOf(view, id), second = outcomeOf(view, chosen() || neighbor(view, id));
    const isPair = first && second && first !== second;
    words.replaceChildren(...(first ? sentences(view, first, isPair ? second : undefined) : [make("p", {}, `${vendorName(view.page, id)} is left out.`)]));
    table.replaceChildren(...(isPair ? [categoryTable(view, first, second)] : []));
    const pairs = isPair ? differences(view, first, second) : [];
    arrange(list, pairs.slice(0, most).map((pair) => {
      const key = `${second?.id}/${pair.question}`, row = rows.get(key) ?? pairRow(view, id, second?.id ?? "", pair.question);
      rows.set(key, row);
      const points = /** @type {HTMLElement} */ (row.querySelector(".points"));
      points.textContent = pair.points ? `${differenceText(pair.points, 2)} points` : pair.isAlike ? "alike" : "no points between them";
      return row;
    }));
    more.hidden = pairs.length <= most;
  };
  more.addEventListener("click", () => {
    most = Infinity;
    draw();
  });
  live(view.store, list, draw);
  return make("div", {}, words, table, make("h3", {}, "Question by question, the largest differences first"), list, more);
}

/** Find who stands one place above, or below the first; where there are no places any other vendor.
 * @param {View} view
 * @param {string} id
 */
function neighbor(view, id) {
  const {ranking, vendors} = view.store.result, at = ranking.indexOf(id);
  return (at < 0 ? ranking[0] : ranking[at ? at - 1 : 1]) ?? vendors.find((vendor) => vendor.id !== id)?.id ?? "";
}

/** Say in a few sentences why a vendor stands where it does.
 * @param {View} view
 * @param {Outcome} first
 * @param {Outcome|undefined} second
 */
function sentences(view, first, second) {
  const {page, store} = view, name = vendorName(page, first.id), digits = page.digits;
  const parts = [first.rank === null
    ? `${name}: ${first.statusText}.`
    : `${name} is ${ordinalText(first.rank)} with ${numberText(first.score, digits)} points. ${first.statusText}.`];
  if (first.wouldRank) parts.push(`Otherwise it would have ranked ${ordinalText(first.wouldRank)}.`);
  if (first.tieBrokenBy) parts.push(`The tie was broken by ${titleOf(view, first.tieBrokenBy)}.`);
  if (second && first.score !== null && second.score !== null) {
    const gap = first.score - second.score, other = vendorName(page, second.id);
    const where = second.rank === null ? second.status : ordinalText(second.rank);
    parts.push(Math.abs(gap) < 1e-9 ? `It has as many points as ${other} (${where}).`
      : `It is ${numberText(Math.abs(gap), digits)} points ${gap < 0 ? "behind" : "ahead of"} ${other} (${where}, ${numberText(second.score, digits)} points).`);
    const parted = categoryPoints(view, first, second).sort((a, b) => b.points - a.points);
    const gains = parted.filter(({points}) => points >= 0.05).slice(0, 3), losses = parted.filter(({points}) => points <= -0.05).reverse().slice(0, 3);
    /** @param {typeof gains} several */
    const listed = (several) => several.map(({title, points}) => `${title} (${differenceText(points)} points)`).join(", ");
    if (losses.length) parts.push(`Against ${other} it loses most on ${listed(losses)}.`);
    if (gains.length) parts.push(`It gains most on ${listed(gains)}.`);
  }
  if (ruleOf(store.data, store.state) === "quality_per_price") parts.push("The rank is by quality for the money; the points are of quality alone.");
  return [make("p", {className: "why"}, parts.join(" "))];
}

/** @param {View} view @param {string} id */
function titleOf({store: {data}}, id) {
  const at = data.categories.ids.indexOf(id);
  return at >= 0 ? data.categories.titles[at] : id === PRICE ? "the lower price" : data.criteria.titles[data.criteria.ids.indexOf(id)] ?? id;
}

/** List what each category, and the price, adds to two vendors.
 * @param {View} view
 * @param {Outcome} first
 * @param {Outcome} second
 */
function categoryPoints({store: {data, state}}, first, second) {
  const rows = data.categories.ids.map((id, at) => ({
    title: data.categories.titles[at], own: first.nodes[id].contribution, other: second.nodes[id].contribution, weight: state.weights[id] ?? 0,
  })).filter(({own, other, weight}) => own || other || weight);
  if (first.offer && second.offer) {
    rows.push({title: "Price", own: first.offer.contribution, other: second.offer.contribution, weight: state.weights[PRICE] ?? 0});
  }
  return rows.map((row) => ({...row, points: row.own - row.other}));
}

/** @param {View} view @param {Outcome} first @param {Outcome} second */
function categoryTable(view, first, second) {
  const names = [first, second].map(({id}) => vendorName(view.page, id)), rows = categoryPoints(view, first, second);
  const total = {title: "Total", own: first.score ?? 0, other: second.score ?? 0, weight: 100, points: (first.score ?? 0) - (second.score ?? 0)};
  if (first.score === null) return make("p", {}, "A screen makes no total.");
  const heads = ["Category", "Points at most", ...names, "Difference"].map((text, at) => make("th", {scope: "col", className: at ? "n" : ""}, text));
  return make("div", {className: "wide", tabIndex: 0, role: "region", "aria-label": "Points by category of two vendors"}, make("table", {},
    make("caption", {}, `Points by category${view.store.isAgreed ? "" : ", under what you set"}`), make("thead", {}, make("tr", {}, ...heads)),
    make("tbody", {}, ...[...rows, total].map(({title, own, other, weight, points}) => make("tr", {className: title === "Total" ? "total" : ""},
      make("th", {scope: "row"}, title), ...[numberText(weight), numberText(own), numberText(other), differenceText(points)].map((text) =>
        make("td", {className: "n"}, text)))))));
}

/** List the questions by what they put between two vendors, those that are answered alike last.
 * @param {View} view
 * @param {Outcome} first
 * @param {Outcome} second
 */
function differences(view, first, second) {
  const {data} = view.store, [own, other] = [first, second].map((outcome) => contributions(data, outcome));
  const [a, b] = [first, second].map(({id}) => data.vendors.ids.indexOf(id));
  const rows = data.questions.ids.map((_, question) => {
    const points = own[question] - other[question];
    return {question, points: Math.round(points * 1e9) / 1e9, isAlike: answerText(view, a, question) === answerText(view, b, question)};
  });
  return rows.sort((x, y) => Math.abs(y.points) - Math.abs(x.points) || Number(x.isAlike) - Number(y.isAlike));
}

/** @param {View} view @param {string} id @param {string} other @param {number} question */
function pairRow(view, id, other, question) {
  const {data} = view.store, vendors = [id, other].map((name) => data.vendors.ids.indexOf(name));
  const answers = vendors.map((vendor) => make("span", {className: "said"},
    make("b", {}, `${vendorName(view.page, data.vendors.ids[vendor])}: `), shorten(answerText(view, vendor, question), 120)));
  const head = make("span", {}, make("b", {}, data.questions.ids[question]), ` ${questionText(view.page, question)}`);
  return opening([head, make("span", {className: "points"}), ...answers], () => [
    make("div", {className: "two"}, ...vendors.map((vendor) => answerCard(view, vendor, question, make("h4", {}, vendorName(view.page, data.vendors.ids[vendor])))))]);
}
