// @ts-check
/** Search over all answers: questions, ids, answers, comments, evidence, places; and what to look for. */
import {answerRow, vendorName, outcomeOf, questionText, vendorsOf, questionWeight, whereWords} from "./answers.js";
import {byId, chooser, make} from "./elements.js";
import {countText, numberText} from "./figures.js";

/**
 * @typedef {import("./answers.js").View} View
 * @typedef {import("./answers.js").Outcome} Outcome
 * @typedef {{vendor: number, question: number, lost: number, order: number}} Hit
 */

const AT_ONCE = 50;
const APART = 2;

/** @type {[string, (view: View, outcome: Outcome, hit: Hit) => boolean][]} */
const FILTERS = [
  ["Points left", (_, __, {lost}) => lost > 0],
  ["Requirement failed or open", (view, outcome, {question}) => isWanting(view, outcome, question, false)],
  ["Flag", (view, outcome, {question}) => isWanting(view, outcome, question, true)],
  ["Open", (_, {leaves}, {question}) => [1, 2, 4].includes(leaves[question][0]) || leaves[question][3] < leaves[question][4]],
  ["Proof missing", (_, {leaves}, {question}) => leaves[question][1] > leaves[question][2]],
  ["Evaluators disagree", ({page}, _, {vendor, question}) => {
    const levels = Object.values(page.vendors[vendor].answers.levels[question] ?? {});
    return Math.max(...levels) - Math.min(...levels) >= APART;
  }],
  ["Changed by a clarification", ({page}, _, {vendor, question}) => page.vendors[vendor].answers.earlier[question].length > 0],
];

/** @param {View} view @param {Outcome} outcome @param {number} question @param {boolean} isFlag */
const isWanting = (view, outcome, question, isFlag) => outcome.requirements.some(({about, kind, result}) =>
  about === view.store.data.questions.ids[question] && (kind === "flag") === isFlag && result !== 2);

/**
 * @param {import("./arithmetic.js").PageData} page
 * @param {import("./state.js").Store} store
 */
export function startSearch(page, store) {
  const view = {page, store}, list = make("div", {className: "hits"}), count = make("p", {role: "status"});
  const words = make("input", {type: "search", id: "search-words", autocomplete: "off"});
  const more = make("button", {type: "button", hidden: true}, "Show more");
  const vendor = chooser("Vendor", [["", "all vendors"], ...vendorsOf(view)], () => find());
  const boxes = FILTERS.map(([title]) => ({title, box: make("input", {type: "checkbox"})}));
  /** @type {Hit[]} */
  let hits = [];
  let shown = 0, due = 0;
  const showMore = () => {
    list.append(...hits.slice(shown, shown + AT_ONCE).map((hit) => hitRow(view, hit)));
    shown = Math.min(hits.length, shown + AT_ONCE);
    more.hidden = shown === hits.length;
  };
  const find = () => {
    const filters = FILTERS.filter((_, at) => boxes[at].box.checked).map(([, holds]) => holds);
    const isAsked = words.value.trim() || filters.length;
    hits = isAsked ? hitsOf(view, words.value, vendor.select.value, filters) : [];
    if (boxes[0].box.checked) hits.sort((a, b) => b.lost - a.lost);
    shown = 0;
    list.replaceChildren();
    showMore();
    const first = hits.length > shown ? ` The first ${shown} are shown.` : "";
    count.textContent = !isAsked ? "Type a word, or tick what you look for."
      : hits.length ? `${countText(hits.length, "answer")}.${first}` : "No answer has all of this. Fewer words find more.";
  };
  const soon = () => {
    cancelAnimationFrame(due);
    due = requestAnimationFrame(find);
  };
  words.addEventListener("input", soon);
  boxes.forEach(({box}) => box.addEventListener("change", find));
  more.addEventListener("click", showMore);
  const field = make("label", {className: "field"}, make("span", {}, "Words in questions, answers, comments, evidence, ids or cells"), words);
  const filters = make("fieldset", {}, make("legend", {}, "Only answers with"),
    ...boxes.map(({title, box}) => make("label", {className: "tick"}, box, ` ${title}`)));
  const meaning = make("p", {className: "aside"}, "Points left are what a better or a proven answer would add. An answer is open until it is " +
    `given, clear and scored. Evaluators disagree where their levels are ${APART} or more apart. A flag asks the evaluators for a comment.`);
  byId("search").append(make("div", {className: "fields"}, field, vendor.field), filters, meaning, count, list, more);
  find();
}

/** @type {WeakMap<View, {own: string, all: string}[][]>} */
const searched = new WeakMap();

/** @param {string} text */
const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ø", "o").replaceAll("ł", "l");

/** Give what is searched: what the vendor wrote and where, and that with what was asked.
 * @param {View} view
 * @param {number} vendor
 * @param {number} question
 */
function searchTexts(view, vendor, question) {
  const {page, store: {data}} = view, {texts} = page, answers = page.vendors[vendor].answers;
  const criterion = data.questions.criteria[question], id = data.vendors.ids[vendor];
  const own = folded([
    data.questions.ids[question], id, vendorName(page, id), whereWords(view, vendor, question),
    ...[answers.answer, answers.raw, answers.evidence_text, answers.comment].map((column) => texts[column[question]]),
    ...answers.findings[question].map((finding) => texts[finding]), ...answers.files[question].map((file) => texts[file]),
  ].join("\n"));
  const asked = folded([
    questionText(page, question), data.criteria.titles[criterion], data.categories.titles[data.criteria.categories[criterion]],
    ...page.questions.options[question].map(([label]) => texts[label]),
  ].join("\n"));
  return {own, all: `${own}\n${asked}`};
}

/**
 * Find the answers that have all words and pass all filters; those with all of it in one piece, or in the vendor's own words, come first.
 * @param {View} view
 * @param {string} wanted
 * @param {string} only id of a vendor, "" all
 * @param {((view: View, outcome: Outcome, hit: Hit) => boolean)[]} filters
 * @returns {Hit[]}
 */
function hitsOf(view, wanted, only, filters) {
  const {data} = view.store, words = folded(wanted).split(/\s+/).filter(Boolean), phrase = words.join(" ");
  const texts = searched.get(view) ?? data.vendors.ids.map(() => []);
  searched.set(view, texts);
  const hits = data.vendors.ids.flatMap((id, vendor) => {
    const outcome = outcomeOf(view, id);
    if (!outcome || (only && id !== only)) return [];
    return data.questions.ids.map((_, question) => ({vendor, question, lost: 0, order: 0})).filter((hit) => {
      const {own, all} = words.length ? (texts[vendor][hit.question] ??= searchTexts(view, vendor, hit.question)) : {own: "", all: ""};
      if (!words.every((word) => all.includes(word))) return false;
      hit.order = [own.includes(phrase), all.includes(phrase), words.every((word) => own.includes(word)), true].indexOf(true);
      if (filters.length) hit.lost = (questionWeight(view, outcome, hit.question).most * (100 - outcome.leaves[hit.question][2])) / 100;
      return filters.every((holds) => holds(view, outcome, hit));
    });
  });
  return hits.sort((a, b) => a.order - b.order);
}

/** @param {View} view @param {Hit} hit */
function hitRow(view, {vendor, question, lost}) {
  const {data} = view.store;
  const head = make("span", {}, make("b", {}, vendorName(view.page, data.vendors.ids[vendor])), ` · ${data.questions.ids[question]} ${questionText(view.page, question)}`);
  const points = lost ? make("span", {className: "points"}, `${numberText(lost, 2)} points left`) : null;
  return answerRow(view, vendor, question, {heading: [head, points], isWhereShown: true});
}
