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

const MET = 2, KINDS = ["knock_out", "must", "flag"];

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
  const summary = make("p"), rest = make("div");
  live(store, summary, () => {
    const outcome = outcomeOf(view, id);
    summary.textContent = outcome
      ? `${vendorName(page, id)}: ${outcome.score === null ? "" : `${standing(outcome, page.digits)}. `}${outcome.statusText}.${proofWords(outcome)}`
      : `${vendorName(page, id)} is left out.`;
  });
  const remarks = page.vendors[vendor].issues.filter(([about]) => !about).map(([, , words]) => page.texts[words]);
  if (remarks.length) rest.append(opening([countText(remarks.length, "remark"), " on the response"], () => [
    make("ul", {}, ...remarks.map((words) => make("li", {}, words)))]));
  const categories = data.categories.ids.map((_, category) => categoryPart(view, vendor, category));
  const price = data.price ? [pricePart(view, vendor)] : [];
  return make("div", {className: "tree"}, summary, requirementPart(view, vendor), ...categories, ...price, rest);
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

/** List the requirements that are not met when the part is opened; what becomes of them then is said in their rows.
 * @param {View} view
 * @param {number} vendor
 */
function requirementPart(view, vendor) {
  const {data} = view.store, id = data.vendors.ids[vendor];
  const rows = () => (outcomeOf(view, id)?.requirements ?? [])
    .filter(({result}) => result !== MET).sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || a.result - b.result)
    .map((requirement) => {
      const {about, kind, isFloor, because} = requirement, question = data.questions.ids.indexOf(about);
      const now = earned(view, vendor, (outcome) => {
        const own = outcome.requirements.find((other) => other.about === about && other.kind === kind && other.isFloor === isFloor && other.because === because);
        return own ? outcomeWords(own) : "not asked";
      });
      const head = make("span", {}, `${kindWords(requirement)}: `, make("b", {}, because), question >= 0 ? ` (${about})` : "");
      if (question >= 0) return answerRow(view, vendor, question, {heading: [head, now], isWhereShown: true});
      const words = earned(view, vendor, ({nodes}) => isFloor
        ? `Needs ${numberText(data.floors.at_least[data.floors.nodes.indexOf(about)], 0)} of 100, has ${numberText(nodes[about].low)} for sure and may reach ${numberText(nodes[about].reach)}.` : "");
      return opening([head, now], () => [words]);
    });
  const count = earned(view, vendor, ({requirements}) => {
    const musts = requirements.filter(({kind}) => kind !== "flag"), flags = requirements.filter((r) => r.kind === "flag" && r.result !== MET);
    return `${musts.filter(({result}) => result === MET).length} of ${musts.length} met${flags.length ? `, ${countText(flags.length, "flag")}` : ""}`;
  });
  return opening([make("b", {}, "Requirements"), count], rows);
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
