// @ts-check
/** One answer with all that is known of it: from its cell to its points, and what would become of it. */
import {evaluate} from "./arithmetic.js";
import {chooser, facts, live, make, opening, plain, shorten} from "./elements.js";
import {numberText, ordinalText} from "./figures.js";

/**
 * @typedef {import("./arithmetic.js").PageData} PageData
 * @typedef {import("./arithmetic.js").Outcome} Outcome
 * @typedef {import("./arithmetic.js").Requirement} Requirement
 * @typedef {import("./arithmetic.js").Setting} Setting
 * @typedef {import("./state.js").Store} Store
 * @typedef {{page: PageData, store: Store}} View
 * @typedef {import("./elements.js").Child} Child
 */

const EVIDENCE = {
  claim: "Says so, without a document",
  named: "Names a document that did not arrive",
  document: "Document",
  verified: "Checked by us",
};
const MOST_LEVEL = 5; // of a rubric
const STATE_WORDS = ["", "No answer yet", "No clear reading yet", "Not needed after another answer", "Not scored by the evaluators yet"];
const KIND_WORDS = /** @type {Record<string, string>} */ ({knock_out: "Knock-out", must: "Must", flag: "Flag"});
const RESULT_WORDS = ["failed", "open", "met"];
const FLAG_WORDS = ["raised", "open", "not raised"];
const RESULT_IDS = ["fail", "unresolved", "pass"];
export const SETTING_WORDS = {proven: "proven", failed: "failed", best: "the best answer, proven"};

/** @param {PageData} page @param {string} id */
export const vendorName = (page, id) => page.agreed.names[page.agreed.ids.indexOf(id)] ?? id;

/** @param {View} view @param {string} id */
export const outcomeOf = (view, id) => view.store.result.vendors.find((vendor) => vendor.id === id);

/** List the vendors that were evaluated, in the agreed order.
 * @param {View} view
 * @returns {[string, string][]} id and name
 */
export function vendorsOf({page, store}) {
  const {ids, names} = page.agreed;
  return ids.map((id, at) => /** @type {[string, string]} */ ([id, names[at]])).filter(([id]) => store.data.vendors.ids.includes(id));
}

/** @param {PageData} page @param {number} question */
export const questionText = (page, question) => page.texts[page.questions.text[question]];

/** @param {View} view @param {number} vendor @param {number} question */
export function answerText({page, store}, vendor, question) {
  const {answer, raw} = page.vendors[vendor].answers;
  const leaf = store.data.leaves[store.data.vendors.variants[vendor][question][0]];
  const text = page.texts[answer[question]], written = page.texts[raw[question]], unit = page.texts[page.questions.unit[question]];
  const state = STATE_WORDS[leaf[0]];
  // What has no single reading is shown as it was written: a unit of ours would be a guess.
  if (!text) return [state, written].filter(Boolean).join(": ") || "No answer";
  if (!/^-?[\d.]+$/.test(text)) return text;
  if (page.texts[page.questions.type[question]] === "rubric") return `Level ${text} of ${MOST_LEVEL}`;
  return unit && unit !== "ratio" ? `${text} ${unit}` : text;
}

/** Name file, sheet and cells of an answer.
 * @param {View} view
 * @param {number} vendor
 * @param {number} question
 */
export function whereWords({page}, vendor, question) {
  const {texts} = page;
  /** @type {Map<string, string[]>} */
  const sheets = new Map();
  for (const [file, sheet, cell] of page.vendors[vendor].answers.cells[question]) {
    const name = `${texts[file]}${sheet ? `, sheet ${texts[sheet]}` : ""}`;
    sheets.set(name, [...(sheets.get(name) ?? []), ...(cell ? [texts[cell]] : [])]);
  }
  const words = [...sheets].map(([name, cells]) =>
    cells.length ? `${name}, cell${cells.length > 1 ? "s" : ""} ${cells.join(", ")}` : name);
  return words.join("; ") || "Not in the workbook";
}

/** Say what became of a requirement.
 * @param {Requirement} requirement
 */
export function outcomeWords({kind, result, waived}) {
  return `${(kind === "flag" ? FLAG_WORDS : RESULT_WORDS)[result]}${waived ? ", waived" : ""}`;
}

/** @param {Requirement} requirement */
export const kindWords = ({kind, isFloor}) => `${KIND_WORDS[kind] ?? kind}${isFloor ? " (least score)" : ""}`;

/** @typedef {{siblings: number[], whole: number[], counted: number[]}} Sums by criterion, category and category */

/** @type {WeakMap<Outcome, Sums>} */
const sumsOf = new WeakMap();

/** Add up the weights beside which those of a question and its criterion count, and the shares of the categories.
 * @param {View} view
 * @param {Outcome} outcome
 * @returns {Sums}
 */
function sums({store: {data: {criteria, questions, categories}}}, outcome) {
  const made = {siblings: criteria.ids.map(() => 0), whole: categories.ids.map(() => 0), counted: categories.ids.map(() => 0)};
  questions.criteria.forEach((criterion, at) => (made.siblings[criterion] += outcome.counts[at] ? questions.weights[at] : 0));
  criteria.categories.forEach((category, at) => {
    made.whole[category] += 100 * outcome.shares[at];
    made.counted[category] += outcome.shares[at] ? criteria.weights[at] : 0;
  });
  return made;
}

/** Give the points of the total that a question can bring, and how these come about.
 * @param {View} view
 * @param {Outcome} outcome
 * @param {number} question
 */
export function questionWeight(view, outcome, question) {
  const {criteria, questions, categories} = view.store.data;
  const criterion = questions.criteria[question], category = criteria.categories[criterion];
  const {siblings, whole, counted} = sumsOf.get(outcome) ?? sums(view, outcome);
  sumsOf.set(outcome, {siblings, whole, counted});
  if (!outcome.counts[question] || !siblings[criterion] || !whole[category]) return {most: 0, path: ""};
  const most = (100 * outcome.shares[criterion] * questions.weights[question]) / siblings[criterion];
  const path = `${numberText(whole[category], 2)} (${categories.titles[category]})` +
    ` × ${plain(criteria.weights[criterion])}/${plain(counted[category])} (${criteria.titles[criterion]})` +
    ` × ${plain(questions.weights[question])}/${plain(siblings[criterion])} (this question)`;
  return {most, path};
}

/** List what would be another answer if it were set.
 * @param {View} view
 * @param {number} vendor
 * @param {number} question
 * @returns {Setting[]}
 */
export function settingsOf({store: {data, state}}, vendor, question) {
  const variants = data.without[state.without]?.[vendor]?.[question] ?? data.vendors.variants[vendor][question];
  const names = /** @type {Setting[]} */ (Object.keys(SETTING_WORDS));
  return names.filter((_, at) => variants.some((variant, n) => n % 4 === at + 1 && variant !== variants[n - at - 1]));
}

/** @param {Store} store @param {string} name vendor/question @param {string} setting "" as it is */
export function setAnswer(store, name, setting) {
  const {[name]: _, ...others} = store.state.set;
  store.change({set: setting ? {...others, [name]: /** @type {Setting} */ (setting)} : others});
}

/** Make the row of an answer, which opens to all that is known of it.
 * @param {View} view
 * @param {number} vendor
 * @param {number} question
 * @param {{heading: Child[], isWhereShown?: boolean}} shown
 */
export function answerRow(view, vendor, question, {heading, isWhereShown = false}) {
  const text = shorten(answerText(view, vendor, question), 160);
  const where = isWhereShown && make("span", {className: "where"}, whereWords(view, vendor, question));
  return opening([...heading, make("span", {className: "said"}, text), where], () => [answerCard(view, vendor, question)]);
}

/** Show all that is known of an answer: what was said and where, what it counts, and what may help to judge it.
 * @param {View} view
 * @param {number} vendor
 * @param {number} question
 * @param {Child} [title]
 */
export function answerCard(view, vendor, question, title) {
  const numbers = make("div");
  live(view.store, numbers, () => numbers.replaceChildren(facts(figuresOf(view, vendor, question))));
  return make("div", {className: "answer"}, title, facts(saidOf(view, vendor, question)), numbers,
    settingField(view, vendor, question), facts(helpOf(view, vendor, question)));
}

/** @param {[string, Child|Child[]][]} rows */
const filled = (rows) => rows.filter(([, words]) => (Array.isArray(words) ? words.length : words));

/** @param {View} view @param {number} vendor @param {number} question */
function saidOf(view, vendor, question) {
  const {page, store} = view, {texts} = page, answers = page.vendors[vendor].answers;
  const raw = texts[answers.raw[question]], answer = texts[answers.answer[question]];
  const evidence = texts[answers.evidence[question]], levels = answers.levels[question], cap = answers.cap[question];
  const proof = EVIDENCE[/** @type {keyof typeof EVIDENCE} */ (evidence)], isScored = store.data.questions.scored[question];
  const limit = cap === null || !isScored ? "" : `, counts up to ${plain(cap)} of 100`;
  /** @type {(number: number) => string} */
  const text = (number) => texts[number];
  return filled([
    ["Where", make("b", {}, whereWords(view, vendor, question))],
    ["As written", raw || "(nothing)"],
    ["Read as", answer === raw ? "" : answer],
    ["Before", answers.earlier[question].map(([old, where]) => `${texts[old]}, replaced by a clarification (${texts[where]})`)],
    ["Value", isScored && texts[answers.explanation[question]]],
    ["Evidence", proof && `${proof}${limit}. ${texts[answers.evidence_text[question]]}`],
    ["Document", answers.files[question].map(text)],
    ["Comment", texts[answers.comment[question]]],
    ["Levels", levels && Object.entries(levels).map(([who, level]) => `${page.evaluators[who] ?? who}: ${plain(level)}`).join(", ")],
    ["Finding", answers.findings[question].map(text)],
    ...answers.promises[question].map(([label, words]) => /** @type {[string, string]} */ ([texts[label], texts[words]])),
  ]);
}

/** @param {View} view @param {number} vendor @param {number} question */
function helpOf({page, store}, vendor, question) {
  const {texts, questions} = page, step = page.vendors[vendor].answers.next_step[question], id = store.data.questions.ids[question];
  return filled([
    ["Would raise it", step && `${texts[step[0]]} would count ${plain(step[1])} of 100 once proven.`],
    ["Red flag", texts[questions.red_flag[question]]],
    ["Remark", page.vendors[vendor].issues.filter(([about]) => about === id).map(([, , words]) => texts[words])],
    ["Rests on", questions.sources[question].map((source) => texts[source])],
  ]);
}

/** @param {View} view @param {number} vendor @param {number} question @returns {[string, Child|Child[]][]} */
function figuresOf(view, vendor, question) {
  const {page, store} = view, {ids} = store.data.vendors, outcome = outcomeOf(view, ids[vendor]);
  if (!outcome) return [["Now", "This vendor is left out."]];
  const [state, claimed, credited, low, high] = outcome.leaves[question];
  const {most, path} = questionWeight(view, outcome, question);
  const proof = claimed > credited ? `, ${numberText(claimed)} if it were proven` : "";
  const range = low < high ? `. Open: it may become ${numberText(low)} to ${numberText(high)}` : "";
  const points = (most * credited) / 100;
  /** @type {[string, Child|Child[]][]} */
  const rows = !store.data.questions.scored[question] ? [["Counts", "For information alone."]] : [["Counts", `${numberText(credited)} of 100${proof}${range}.${STATE_WORDS[state] && ` ${STATE_WORDS[state]}.`}`]];
  if (path) {
    rows.push(["Weight", `${path} = ${numberText(most, 3)} points at most`]);
    rows.push(["Points", `${numberText(most, 3)} × ${numberText(credited)} / 100 = ${numberText(points, 3)} points of the total`]);
  } else if (store.data.questions.scored[question]) {
    rows.push(["Points", store.data.is_screen ? "None, because a screen makes no total." : "None, because the question has no weight or is left out of the sums."]);
  }
  const requirements = requirementWords(page, vendor, outcome, store.data.questions.ids[question]);
  return requirements.length ? [...rows, ["Requirement", requirements]] : rows;
}

/** Say what became of the requirements of a question, with the agreed reason where the result is the agreed one.
 * @param {PageData} page
 * @param {number} vendor
 * @param {Outcome} outcome
 * @param {string} about
 */
export function requirementWords(page, vendor, outcome, about) {
  const agreed = page.vendors[vendor].gates.filter(([question]) => question === about);
  return outcome.requirements.filter((requirement) => requirement.about === about).map((requirement, at) => {
    const [, , result, reason, , note] = agreed[at] ?? [];
    const isAgreed = result === RESULT_IDS[requirement.result];
    const why = isAgreed && reason ? page.texts[reason] : requirement.because;
    return `${kindWords(requirement)}: ${outcomeWords(requirement)}. ${why}${note ? `. Noted: ${page.texts[note]}` : ""}`;
  });
}

/** Let an answer be set; each choice says what would come of it.
 * @param {View} view
 * @param {number} vendor
 * @param {number} question
 */
export function settingField(view, vendor, question) {
  const {store} = view, {data} = store, id = data.vendors.ids[vendor], name = `${id}/${data.questions.ids[question]}`;
  const settings = settingsOf(view, vendor, question);
  if (!settings.length) return null;
  const {select, field} = chooser("What if this answer were", [["", "as it is"], ...settings.map((s) => /** @type {[string, string]} */ ([s, SETTING_WORDS[s]]))],
    (value) => setAnswer(store, name, value));
  const say = () => settings.forEach((setting, at) => {
    const {state} = store, {vendors} = evaluate(data, {...state, set: {...state.set, [name]: setting}});
    const outcome = vendors.find((vendor) => vendor.id === id);
    if (outcome) select.options[at + 1].textContent = `${SETTING_WORDS[setting]}: ${standing(outcome)}`;
  });
  select.addEventListener("focus", say);
  live(store, field, () => (select.value = store.state.set[name] ?? ""));
  return field;
}

/** Say the place of a vendor.
 * @param {Outcome} outcome
 */
export const placeWords = ({status, rank}) => (status === "excluded" ? "excluded" : rank === null ? status : ordinalText(rank));

/** Say place and score of a vendor.
 * @param {Outcome} outcome
 * @param {number} [digits]
 */
export const standing = (outcome, digits) =>
  placeWords(outcome) + (outcome.score === null ? "" : `, ${numberText(outcome.score, digits)} points`);
