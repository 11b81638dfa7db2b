// @ts-check
/** From the total of a vendor to category, criterion, question, answer and cell, with the arithmetic of each. */
import {PRICE} from "./arithmetic.js";
import {
  answerCard, answerRow, kindWords, vendorName, outcomeOf, outcomeWords, questionText, standing, vendorsOf, questionWeight, whereWords,
} from "./answers.js";
import {byId, chooser, facts, live, make, opening} from "./elements.js";
import {countText, moneyText, numberText} from "./figures.js";

/**
 * @typedef {import("./answers.js").View} View
 * @typedef {import("./answers.js").Outcome} Outcome
 * @typedef {import("./answers.js").Child} Child
 */

/**
 * @param {import("./arithmetic.js").PageData} page
 * @param {import("./state.js").Store} store
 */
export function startDetail(page, store) {
  const view = {page, store}, vendors = vendorsOf(view), inside = make("div");
  const {select, field} = chooser("Vendor", vendors, (id) => inside.replaceChildren(vendorPart(view, id)));
  byId("detail").append(make("div", {className: "fields"}, field), inside);
  if (vendors.length) inside.append(vendorPart(view, select.value));
}

/** @param {View} view @param {string} id */
function vendorPart(view, id) {
  const {page, store} = view, {data} = store, vendor = data.vendors.ids.indexOf(id);
  const said = make("p"), requirements = make("div"), rest = make("div");
  live(store, said, () => {
    const outcome = outcomeOf(view, id);
    said.textContent = outcome
      ? `${vendorName(page, id)}: ${standing(outcome, page.digits)}. ${outcome.statusText}.${proofWords(outcome)}`
      : `${vendorName(page, id)} is left out.`;
  });
  live(store, requirements, () => {
    const outcome = outcomeOf(view, id);
    if (requirements.querySelector("details[open]")) return;
    requirements.replaceChildren(...(outcome ? [requirementPart(view, vendor, outcome)] : []));
  });
  const remarks = page.vendors[vendor].issues.filter(([about]) => !about).map(([, , words]) => page.texts[words]);
  if (remarks.length) rest.append(opening([countText(remarks.length, "remark"), " on the response"], () => [
    make("ul", {}, ...remarks.map((words) => make("li", {}, words)))]));
  const categories = data.categories.ids.map((_, category) => categoryPart(view, vendor, category));
  const price = data.price ? [pricePart(view, vendor)] : [];
  return make("div", {className: "tree"}, said, requirements, ...categories, ...price, rest);
}

/** @param {Outcome} outcome */
const proofWords = ({claimed, score}) =>
  claimed !== null && score !== null && claimed - score > 0.05 ? ` ${numberText(claimed - score)} points wait for proof.` : "";

/**
 * Show what a part earns, beside its name.
 * @param {View} view
 * @param {number} vendor
 * @param {(outcome: Outcome) => string} words
 */
function earned(view, vendor, words) {
  const span = make("span", {className: "points"});
  live(view.store, span, () => {
    const outcome = outcomeOf(view, view.store.data.vendors.ids[vendor]);
    span.textContent = outcome ? words(outcome) : "left out";
  });
  return span;
}

/** @param {View} view @param {number} vendor @param {Outcome} outcome */
function requirementPart(view, vendor, outcome) {
  const {data} = view.store, order = [0, 1, 2];
  const musts = outcome.requirements.filter(({kind}) => kind !== "flag");
  const met = musts.filter(({result}) => result === 2).length;
  const listed = outcome.requirements.filter(({result}) => result !== 2);
  listed.sort((a, b) => order.indexOf(a.result) - order.indexOf(b.result));
  const rows = () => listed.map((requirement) => {
    const question = data.questions.ids.indexOf(requirement.about);
    const head = [make("b", {}, `${kindWords(requirement)} ${outcomeWords(requirement)}`), ` ${requirement.because} `];
    if (question >= 0) return answerRow(view, vendor, question, {heading: head, isWhereShown: true});
    const floor = data.floors.at_least[data.floors.nodes.indexOf(requirement.about)];
    const node = outcome.nodes[requirement.about];
    const why = node ? `Needs ${numberText(floor, 0)}, has ${numberText(node.low)} for sure and may reach ${numberText(node.reach)}.` : "";
    return make("p", {}, ...head, why);
  });
  return opening([`Requirements: ${met} of ${musts.length} met`,
    make("span", {className: "points"}, listed.length ? `${listed.length} failed, open or flagged` : "all met")], rows);
}

/** @param {View} view @param {number} vendor @param {number} category */
function categoryPart(view, vendor, category) {
  const {data} = view.store, id = data.categories.ids[category];
  const criteria = data.criteria.ids.map((_, at) => at).filter((at) => data.criteria.categories[at] === category);
  return opening([make("b", {}, data.categories.titles[category]), nodePoints(view, vendor, id, criteria)],
    () => [nodeWords(view, vendor, id, criteria), ...criteria.map((at) => criterionPart(view, vendor, at))]);
}

/** @param {View} view @param {number} vendor @param {number} criterion */
function criterionPart(view, vendor, criterion) {
  const {data} = view.store, id = data.criteria.ids[criterion];
  const questions = data.questions.ids.map((_, at) => at).filter((at) => data.questions.criteria[at] === criterion);
  return opening([data.criteria.titles[criterion], nodePoints(view, vendor, id, [criterion])],
    () => [nodeWords(view, vendor, id, [criterion]), ...questions.map((at) => questionPart(view, vendor, at))]);
}

/** @param {View} view @param {number} vendor @param {number} question */
function questionPart(view, vendor, question) {
  const points = earned(view, vendor, (outcome) => {
    const {most} = questionWeight(view, outcome, question), credited = outcome.leaves[question][2];
    return most ? `${numberText((most * credited) / 100, 2)} of ${numberText(most, 2)} points` : "";
  });
  const heading = [make("span", {}, make("b", {}, view.store.data.questions.ids[question]), ` ${questionText(view.page, question)}`), points];
  return answerRow(view, vendor, question, {heading, isWhereShown: true});
}

/** @param {Outcome} outcome @param {number[]} criteria */
const mostOf = ({shares}, criteria) => 100 * criteria.reduce((sum, at) => sum + shares[at], 0);

/** @param {View} view @param {number} vendor @param {string} id @param {number[]} criteria */
const nodePoints = (view, vendor, id, criteria) => earned(view, vendor, (outcome) => {
  const most = mostOf(outcome, criteria);
  return most ? `${numberText(outcome.nodes[id].contribution)} of ${numberText(most)} points` : "for information";
});

/** Say how the points of a category or criterion come about.
 * @param {View} view
 * @param {number} vendor
 * @param {string} id
 * @param {number[]} criteria
 */
function nodeWords(view, vendor, id, criteria) {
  const {data} = view.store, at = data.floors.nodes.indexOf(id);
  return earned(view, vendor, (outcome) => {
    const node = outcome.nodes[id], most = mostOf(outcome, criteria);
    const floor = outcome.requirements.find(({about, isFloor}) => isFloor && about === id);
    return [
      node.score === null ? "" : `Score ${numberText(node.score)} of 100: ${numberText(most, 3)} × ${numberText(node.score, 3)} / 100 = ${numberText(node.contribution, 3)} points.`,
      node.low === null ? "" : `Sure: ${numberText(node.low)}. If all open answers were perfect: ${numberText(node.high)}. If all claims were proven: ${numberText(node.claimed)}.`,
      floor ? `At least ${numberText(data.floors.at_least[at], 0)} is required: ${outcomeWords(floor)}.` : "",
    ].filter(Boolean).join(" ");
  });
}

/** @param {View} view @param {number} vendor */
function pricePart(view, vendor) {
  const {page, store} = view, currency = store.data.price?.currency ?? "";
  const points = earned(view, vendor, ({offer}) =>
    offer ? `${numberText(offer.contribution)} of ${numberText(store.state.weights[PRICE])} points` : "");
  const words = earned(view, vendor, ({offer}) => offer?.total == null
    ? "There is no total, because a price is missing. Until then the price scores 0 and may become 100."
    : `Total ${currency} ${moneyText(offer.total)} scores ${numberText(offer.score)} of 100.`);
  return opening([make("b", {}, "Price"), points], () => [words, facts(page.vendors[vendor].prices.map(([what, amount, where]) =>
    [page.texts[what], [page.texts[amount], page.texts[where]]]))]);
}
