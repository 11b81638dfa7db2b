// @ts-check
/** What if: an answer proven, failed or best, another price or price rule, a vendor or an evaluator left out. */
import {agreedWeights, movedWeights, PRICE} from "./arithmetic.js";
import {vendorName, outcomeOf, placeWords, questionText, setAnswer, SETTING_WORDS, settingField, settingsOf, vendorsOf, questionWeight} from "./answers.js";
import {byId, chooser, live, make, opening, plain, refuse, shorten, typedNumber} from "./elements.js";
import {countText, numberText, ordinalText} from "./figures.js";

/** @typedef {import("./answers.js").View} View */

const MOST_LISTED = 12; // answers of a vendor that are taken back one by one

/**
 * @param {import("./arithmetic.js").PageData} page
 * @param {import("./state.js").Store} store
 */
export function startWhatIf(page, store) {
  const view = {page, store}, part = byId("what-if"), vendors = vendorsOf(view);
  const inside = make("div", {className: "fields"});
  const {field} = chooser("Vendor", [["", "choose a vendor"], ...vendors], (id) => {
    inside.replaceChildren(...(id ? vendorFields(view, id) : []));
  });
  const all = make("div", {className: "fields"}, ...evaluatorField(view), leaveOutField(view));
  const rules = byId("rule-field");
  if (rules) all.prepend(ruleField(view, rules));
  part.append(make("div", {className: "fields"}, field), inside, all);
  part.append(setPart(view)); // it reads the rules where they stand then
}

/** @param {View} view @param {string} id */
function vendorFields(view, id) {
  const {page, store} = view, {data} = store, vendor = data.vendors.ids.indexOf(id);
  const holder = make("div", {className: "holder"}), open = openAnswers(view, vendor);
  const {select, field} = chooser(`Answer of ${vendorName(page, id)}`, [
    ["", open.length ? `choose one of ${open.length} open or unproven` : "none is open or unproven"],
    ...open.map(({question, most}) => /** @type {[string, string]} */ ([
      String(question), `${data.questions.ids[question]} ${shorten(questionText(page, question), 70)}${most ? ` (up to +${numberText(most, 2)})` : ""}`])),
  ], (question) => {
    const setting = question && settingField(view, vendor, Number(question));
    holder.replaceChildren(...(setting ? [setting] : []));
  });
  select.disabled = !open.length;
  const unproven = open.filter(({question}) => settingsOf(view, vendor, question).includes("proven")).map(({question}) => data.questions.ids[question]);
  const prove = make("button", {type: "button"}, `Set all ${unproven.length} unproven to proven`);
  prove.addEventListener("click", () => {
    const proven = Object.fromEntries(unproven.map((name) => [`${id}/${name}`, /** @type {const} */ ("proven")]));
    store.change({set: {...store.state.set, ...proven}});
  });
  const why = make("p", {className: "standing"});
  live(store, why, () => {
    const outcome = outcomeOf(view, id), isExcluded = outcome?.status === "excluded";
    why.hidden = !isExcluded;
    why.textContent = isExcluded ? `${vendorName(page, id)} has ${numberText(outcome.score, page.digits)} points. ${outcome.statusText}.` +
      (outcome.wouldRank ? ` If the exclusion fell, it would rank ${ordinalText(outcome.wouldRank)}.` : "") : "";
  });
  return [why, field, holder, ...(unproven.length > 1 ? [prove] : []), ...priceField(view, id, vendor)];
}

/** List the answers of a vendor that are open or unproven under the agreed state, those with most to gain first.
 * @param {View} view
 * @param {number} vendor
 */
function openAnswers(view, vendor) {
  const {data, agreedResult} = view.store, outcome = agreedResult.vendors.find(({id}) => id === data.vendors.ids[vendor]);
  if (!outcome) return [];
  const open = outcome.leaves.map(([state, claimed, credited, low, high, , , tests], question) => {
    const isOpen = [1, 2, 4].includes(state) || low < high || claimed > credited || tests.includes("1");
    return {question, isOpen, most: (questionWeight(view, outcome, question).most * (100 - credited)) / 100};
  });
  return open.filter(({isOpen, question}) => isOpen && settingsOf(view, vendor, question).length).sort((a, b) => b.most - a.most);
}

/** @param {View} view @param {string} id @param {number} vendor */
function priceField({store, page}, id, vendor) {
  const {price} = store.data;
  if (!price) return [];
  const agreed = price.totals[vendor];
  const input = make("input", {type: "text", inputMode: "decimal", name: `price-of-${id}`, placeholder: agreed === null ? "incomplete" : String(agreed)});
  input.addEventListener("change", () => {
    const {[id]: _, ...others} = store.state.prices, text = input.value.trim(), total = typedNumber(text);
    const isUnclear = /^\d+[.,]\d{3}$/.test(text); // thousands, or decimals
    if (!text || (total > 0 && !isUnclear)) {
      store.change({prices: text && total !== agreed ? {...others, [id]: total} : others});
      return refuse(input, "");
    }
    const why = isUnclear ? `may be ${text.replace(/[.,]/, "")} or ${total}: write it without separator` : "is not taken: write an amount above 0";
    input.value = String(store.state.prices[id] ?? agreed ?? "");
    refuse(input, `“${text}” ${why}. The price stays as it is.`);
  });
  live(store, input, () => {
    input.value = String(store.state.prices[id] ?? agreed ?? "");
    if (input.parentElement) refuse(input, "");
  });
  return [make("label", {className: "field"}, make("span", {}, `Total price of ${vendorName(page, id)}, ${price.currency}`), input)];
}

/** @param {View} view @param {HTMLElement} field with the rules, in words */
function ruleField({store}, field) {
  const select = /** @type {HTMLSelectElement} */ (field.querySelector("select")), agreed = store.data.price?.rule ?? "";
  select.addEventListener("change", () => store.change({rule: select.value === agreed ? "" : select.value}));
  live(store, field, () => (select.value = store.state.rule || agreed));
  field.hidden = false;
  return field;
}

/** @param {View} view */
function evaluatorField({page, store}) {
  const names = Object.keys(store.data.without);
  if (!names.length) return [];
  const {select, field} = chooser("Leave out the score sheet of", [["", "nobody"], ...names.map((name) =>
    /** @type {[string, string]} */ ([name, page.evaluators[name] ?? name]))], (without) => store.change({without}));
  live(store, field, () => (select.value = store.state.without));
  return [field];
}

/** @param {View} view */
function leaveOutField(view) {
  const {store} = view;
  const boxes = vendorsOf(view).map(([id, name]) => {
    const box = make("input", {type: "checkbox", name: `out-${id}`});
    box.addEventListener("change", () => {
      const others = store.state.out.filter((other) => other !== id);
      store.change({out: box.checked ? [...others, id] : others});
    });
    live(store, box, () => (box.checked = store.state.out.includes(id)));
    return make("label", {className: "tick"}, box, ` ${name}`);
  });
  return make("fieldset", {}, make("legend", {}, "Leave out a vendor"), ...boxes);
}

/** List what is set, with a way to take each back, and what comes of it.
 * @param {View} view
 */
function setPart(view) {
  const {store} = view, list = make("ul", {className: "set"}), outcomes = make("ul");
  const part = make("div", {}, make("h3", {}, "What you set"), list, make("h3", {}, "What comes of it"), outcomes);
  live(store, part, () => {
    const entries = entriesOf(view);
    part.hidden = !entries.length;
    list.replaceChildren(...entries.map(([words, takeBack]) => {
      const button = make("button", {type: "button", "aria-label": `Take back: ${words}`}, "Take back");
      button.addEventListener("click", () => {
        const at = [...list.children].findIndex((row) => row.contains(button));
        takeBack();
        requestAnimationFrame(() => {
          const next = list.querySelectorAll("button")[Math.max(0, Math.min(at, list.children.length - 1))];
          (next ?? /** @type {HTMLElement} */ (byId("what-if").querySelector("select"))).focus();
        });
      });
      return make("li", {}, `${words} `, button);
    }));
    const words = standingsChanged(view);
    outcomes.replaceChildren(...(words.length ? words : ["No rank, status or score changes."]).map((text) => make("li", {}, text)));
  });
  return part;
}

/** @param {View} view @returns {[string, () => void][]} in words, and how each is taken back */
function entriesOf({page, store}) {
  const {data, state} = store, agreed = agreedWeights(data), currency = data.price?.currency ?? "";
  /** @type {[string, () => void][]} */
  const entries = [];
  /** @type {Record<string, string>} */
  const titles = {...Object.fromEntries(data.categories.ids.map((id, at) => [id, data.categories.titles[at]])), [PRICE]: "Price"};
  const moved = movedWeights(data, state);
  if (moved.length) {
    const words = moved.map((name) => `${titles[name]} ${numberText(state.weights[name])} (agreed ${numberText(agreed[name])})`);
    entries.push([`Weights: ${words.join(", ")}`, () => store.change({weights: agreed})]);
  }
  for (const id of data.vendors.ids) {
    const own = Object.entries(state.set).filter(([name]) => name.slice(0, name.lastIndexOf("/")) === id);
    if (own.length > MOST_LISTED) {
      const others = Object.fromEntries(Object.entries(state.set).filter((entry) => !own.some(([name]) => name === entry[0])));
      entries.push([`${vendorName(page, id)}: ${own.length} answers`, () => store.change({set: others})]);
    } else {
      for (const [name, setting] of own) {
        const words = `${vendorName(page, id)}, ${name.slice(id.length + 1)}: ${SETTING_WORDS[setting]}`;
        entries.push([words, () => setAnswer(store, name, "")]);
      }
    }
  }
  if (state.rule) entries.push([`Price rule: ${ruleTitle(state.rule)}`, () => store.change({rule: ""})]);
  for (const [id, total] of Object.entries(state.prices)) {
    const {[id]: _, ...others} = state.prices;
    entries.push([`Price of ${vendorName(page, id)}: ${currency} ${plain(total)}`, () => store.change({prices: others})]);
  }
  for (const id of state.out) {
    entries.push([`Without ${vendorName(page, id)}`, () => store.change({out: state.out.filter((other) => other !== id)})]);
  }
  if (state.without) entries.push([`Without the score sheet of ${page.evaluators[state.without] ?? state.without}`, () => store.change({without: ""})]);
  return entries;
}

/** @param {string} rule */
const ruleTitle = (rule) => [.../** @type {HTMLSelectElement} */ (byId("rule-field").querySelector("select")).options].find(({value}) => value === rule)?.text ?? rule;

/** Say for each vendor how score, status and rank differ from the agreed ones.
 * @param {View} view
 */
function standingsChanged(view) {
  const {page, store} = view;
  return store.agreedResult.vendors.flatMap((agreed) => {
    const now = outcomeOf(view, agreed.id), name = vendorName(page, agreed.id);
    if (!now) return [`${name} is left out.`];
    const places = fromTo(placeWords(agreed), placeWords(now));
    const points = now.score === null ? "" : fromTo(numberText(agreed.score, page.digits), numberText(now.score, page.digits));
    const status = agreed.statusText === now.statusText ? "" : ` Now: ${now.statusText}.`;
    const isSame = !`${places}${points}${status}`.match(/→|Now/);
    return isSame ? [] : [`${name}: ${places}${points && `, ${points} points`}.${status}`];
  });
}

/** @param {string} before @param {string} after */
const fromTo = (before, after) => (before === after ? after : `${before} → ${after}`);
