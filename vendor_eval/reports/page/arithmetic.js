// @ts-check
/**
 * The arithmetic of the evaluation, as Python does it: weights to totals, floors and gates to statuses, prices, ranks.
 * Pure: it reads no page. What an answer is worth when it is proven, failed or best was worked out before.
 *
 * @typedef {{ids: string[], titles: string[], weights: (number|null)[],
 *   presets: Record<string, (number|null)[]>}} Categories
 * @typedef {{ids: string[], titles: string[], weights: number[], categories: number[]}} Criteria
 * @typedef {{ids: string[], weights: number[], criteria: number[], scored: boolean[], hangs_on: number[][]}} Questions
 * @typedef {{questions: number[], kinds: string[], because: string[], stages: string[], due: boolean[],
 *   unset: boolean[], alone: boolean[], branches: number[][][][]}} Gates
 * @typedef {{nodes: string[], at_least: number[], kinds: string[], because: string[], stages: string[],
 *   due: boolean[], unset: boolean[]}} Floors
 * @typedef {{weight: number, rule: string, best: number|null, worst: number|null, currency: string, lines: string[],
 *   totals: (number|null)[], unit_prices: (number|null)[][], confirmed: boolean[][]}} PriceTable
 * @typedef {{ids: string[], names: string[], scores: (number|null)[], variants: number[][][],
 *   signed: (number|null)[], waived: string[][],
 *   lapsed: string[][]}} VendorTable
 * @typedef {[state: number, claimed: number, credited: number, low: number, high: number, reach: number, flags: number,
 *   tests: string]} Leaf
 * @typedef {{is_screen: boolean, missing: string, shortlist: number, tie_breakers: string[], categories: Categories,
 *   criteria: Criteria, questions: Questions, gates: Gates, floors: Floors, price: PriceTable|null,
 *   vendors: VendorTable, leaves: Leaf[], stage: string,
 *   without: Record<string, Record<string, Record<string, number[]>>>}} Arithmetic
 *
 * The whole data block; its columns are described in results/page.py, texts are places in `texts`.
 * @typedef {{ids: string[], names: string[], countries: string[], statuses: string[], status_texts: string[],
 *   ranks: (number|null)[], scores: (number|null)[], lows: (number|null)[], highs: (number|null)[]}} AgreedTable
 * @typedef {{text: number[], type: number[], unit: number[], evidence: number[], verify: number[], red_flag: number[],
 *   sources: number[][], options: [number, number|null][][], points: [number, number][][], levels: number[][],
 *   gates: [number, number, number, number][][]}} QuestionTexts
 * @typedef {{answer: number[], raw: number[], evidence: number[], cap: (number|null)[], evidence_text: number[],
 *   comment: number[], explanation: number[], next_step: ([number, number]|null)[], cells: [number, number, number][][],
 *   findings: number[][], earlier: [number, number][][], files: number[][],
 *   levels: (Record<string, number>|null)[], promises: [number, number][][]}} AnswerTexts
 * @typedef {{answers: AnswerTexts, gates: [string, string, string, number, number, number][],
 *   issues: [string, string, number][], prices: [number, number, number][]}} VendorTexts
 * @typedef {{arithmetic: Arithmetic|null, agreed: AgreedTable, digits: number, evaluators: Record<string, string>,
 *   texts: string[], questions: QuestionTexts, vendors: VendorTexts[]}} PageData
 *
 * @typedef {Record<string, number>} Weights points of the total by category id and `price`; all add up to 100
 * @typedef {"proven"|"failed"|"best"} Setting
 * @typedef {object} State what differs from the agreed evaluation; empty parts differ in nothing
 * @property {Weights} weights
 * @property {Record<string, Setting>} set by `vendor/question`
 * @property {string} rule of the price; "" as agreed
 * @property {Record<string, number>} prices total price by vendor
 * @property {string[]} out vendors that are left out
 * @property {string} without evaluator whose sheet is left out; "" none
 *
 * @typedef {{score: number|null, claimed: number|null, low: number|null, high: number|null, reach: number|null,
 *   weight: number, contribution: number}} Node
 * @typedef {{about: string, kind: string, result: number, stage: string, due: boolean, waived: boolean,
 *   because: string, isFloor: boolean}} Requirement
 * @typedef {{total: number|null, score: number, low: number, high: number, contribution: number, sound: boolean,
 *   suspicious: string[]}} Offer
 * @typedef {object} Outcome what becomes of one vendor
 * @property {string} id
 * @property {"eligible"|"conditional"|"excluded"} status
 * @property {string} statusText
 * @property {number|null} rank
 * @property {number|null} bestRank
 * @property {number|null} worstRank
 * @property {number|null} wouldRank place that an excluded vendor would have
 * @property {string} tieBrokenBy
 * @property {number|null} score the total, or where quality is divided by the price the quality; null in a screen
 * @property {number|null} low
 * @property {number|null} high
 * @property {number|null} claimed
 * @property {number} quality
 * @property {number} key by which it is ranked
 * @property {Record<string, Node>} nodes by id of category and criterion
 * @property {Leaf[]} leaves by question
 * @property {boolean[]} counts whether each question counts in the score
 * @property {number[]} shares share of the total of each criterion, of which its questions have theirs
 * @property {Requirement[]} requirements gates, the signature, then floors
 * @property {Offer|null} offer
 */
import {countText} from "./figures.js";

const TIE = 1e-9;
const ABOVE = 1 + TIE;
const STAGES = ["read", "award", "data"];
const SETTINGS = ["", "proven", "failed", "best"];
const STATE = {answered: 0, blank: 1, invalid: 2, settled: 3, pending: 4};
const FAIL = 0, OPEN = 1, PASS = 2;
export const PRICE = "price";

/** @param {Iterable<number>} numbers */
const sum = (numbers) => {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
};

// ---- weights ----

/**
 * Give the agreed weights in points of the total, price included.
 * @param {Arithmetic} data
 * @returns {Weights}
 */
export function agreedWeights(data) {
  const {ids, weights} = data.categories;
  /** @type {Weights} */
  const points = {};
  ids.forEach((id, at) => {
    const weight = weights[at];
    if (weight !== null) points[id] = weight;
  });
  if (data.price) points[PRICE] = data.price.weight;
  return points;
}

/**
 * Set some weights and share what is left among all others in their proportions; these are those of `before`, or of
 * `proportions` where `before` has nothing left of them.
 * @param {Weights} before
 * @param {Weights} listed points of the total, 0 to 100
 * @param {Weights} proportions
 * @returns {Weights}
 */
export function setWeights(before, listed, proportions) {
  const names = Object.keys(before), free = names.filter((name) => !(name in listed));
  const fixed = sum(names.map((name) => listed[name] ?? 0));
  const scale = fixed > 100 || (free.length === 0 && fixed > 0) ? 100 / fixed : 1;
  const left = Math.max(0, 100 - fixed);
  let shares = free.map((name) => before[name]);
  if (!sum(shares)) shares = free.map((name) => proportions[name]);
  if (!sum(shares)) shares = free.map(() => 1);
  const whole = sum(shares);
  const points = Object.fromEntries(names.map((name) => [name, (listed[name] ?? 0) * scale]));
  free.forEach((name, at) => (points[name] = (left * shares[at]) / whole));
  return points;
}

/**
 * Move one weight: all others that are not pinned keep their proportions. It stops where the pinned ones leave nothing;
 * where all others are pinned it does not move.
 * @param {Weights} before
 * @param {string} name
 * @param {number} points
 * @param {Iterable<string>} pinned
 * @param {Weights} proportions
 * @returns {Weights}
 */
export function moveWeight(before, name, points, pinned, proportions) {
  const kept = [...pinned].filter((other) => other !== name && other in before);
  if (kept.length >= Object.keys(before).length - 1) return before;
  const most = Math.max(0, 100 - sum(kept.map((other) => before[other])));
  const listed = Object.fromEntries(kept.map((other) => [other, before[other]]));
  return setWeights(before, {...listed, [name]: Math.min(Math.max(points, 0), most)}, proportions);
}

/**
 * @param {Arithmetic} data
 * @returns {State}
 */
export function agreedState(data) {
  return {weights: agreedWeights(data), set: {}, rule: "", prices: {}, out: [], without: ""};
}

/**
 * Whether nothing differs from the agreed evaluation.
 * @param {Arithmetic} data
 * @param {State} state
 */
export function isAgreed(data, state) {
  return (
    !movedWeights(data, state).length &&
    !Object.keys(state.set).length &&
    !Object.keys(state.prices).length &&
    !state.out.length &&
    !state.without &&
    ruleOf(data, state) === (data.price?.rule ?? "")
  );
}

/**
 * Name the weights that differ from the agreed ones.
 * @param {Arithmetic} data
 * @param {State} state
 */
export function movedWeights(data, state) {
  const agreed = agreedWeights(data);
  return Object.keys(agreed).filter((name) => Math.abs(agreed[name] - state.weights[name]) > TIE);
}

/**
 * Name the price rule that applies; "" without prices.
 * @param {Arithmetic} data
 * @param {State} state
 */
export const ruleOf = ({price}, state) => (price ? state.rule || price.rule : "");

// ---- answers to nodes ----

/**
 * Find the answers of a vendor as they are set.
 * @param {Arithmetic} data
 * @param {State} state
 * @param {number} vendor
 * @returns {Leaf[]}
 */
function leavesOf(data, state, vendor) {
  const {ids, hangs_on} = data.questions, id = data.vendors.ids[vendor];
  const settings = ids.map((question) => Math.max(0, SETTINGS.indexOf(state.set[`${id}/${question}`] ?? "")));
  const others = data.without[state.without]?.[vendor] ?? {};
  return ids.map((_, at) => {
    const place = hangs_on[at].reduce((sum, other, n) => sum + settings[other] * 4 ** (n + 1), settings[at]);
    return data.leaves[(others[at] ?? data.vendors.variants[vendor][at])[place]];
  });
}

const FIGURES = /** @type {const} */ (["score", "claimed", "low", "high", "reach"]);

/**
 * Mean of nodes by their weights: of those that are asked, and for score and claim of those that count.
 * @param {Node[]} children
 * @returns {Node}
 */
function mean(children) {
  const asked = children.filter((child) => child.weight && child.low !== null);
  const counted = asked.filter((child) => child.score !== null);
  /** @type {Node} */
  const node = {score: null, claimed: null, low: null, high: null, reach: null, weight: 0, contribution: 0};
  for (const name of FIGURES) {
    const among = name === "score" || name === "claimed" ? counted : asked;
    const whole = sum(among.map((child) => child.weight));
    if (whole) node[name] = sum(among.map((child) => child.weight * /** @type {number} */ (child[name]))) / whole;
  }
  return node;
}

/**
 * @param {Arithmetic} data
 * @param {Leaf[]} leaves
 * @returns {{categories: Node[], criteria: Node[], counts: boolean[]}}
 */
function nodesOf(data, leaves) {
  const {questions, criteria, categories} = data;
  const counts = leaves.map(
    ([state], at) =>
      questions.scored[at] && state !== STATE.pending && !(data.missing === "exclude" && state === STATE.blank),
  );
  /** @type {Node[][]} */
  const byCriterion = criteria.ids.map(() => []);
  /** @type {Node[][]} */
  const byCategory = categories.ids.map(() => []);
  leaves.forEach(([, claimed, credited, low, high, reach], at) => {
    if (!questions.scored[at]) return;
    const score = counts[at] ? credited : null;
    byCriterion[questions.criteria[at]].push({
      score, claimed, low, high, reach, weight: questions.weights[at], contribution: 0,
    });
  });
  const nodes = byCriterion.map((children, at) => ({...mean(children), weight: criteria.weights[at]}));
  nodes.forEach((node, at) => byCategory[criteria.categories[at]].push(node));
  return {categories: byCategory.map((children) => mean(children)), criteria: nodes, counts};
}

// ---- gates and floors ----

/**
 * @param {Arithmetic} data
 * @param {number} vendor
 * @param {Leaf[]} leaves
 * @param {Record<string, Node>} nodes
 * @returns {Requirement[]}
 */
function requirementsOf(data, vendor, leaves, nodes) {
  const {gates, floors, questions, vendors} = data;
  const waived = new Set(vendors.waived[vendor]), lapsed = new Set(vendors.lapsed[vendor]);
  /** @type {Requirement[]} */
  const listed = [];
  gates.questions.forEach((question, at) => {
    const [state, , , , , , flags] = leaves[question];
    if (state === STATE.settled && flags & 1 && gates.alone[at]) return;
    const branches = gates.branches[at].map((tests) =>
      Math.min(...tests.map(([other, test]) => Number(leaves[other][7][test]))),
    );
    const about = questions.ids[question], kind = gates.kinds[at];
    let result = gates.unset[at] ? OPEN : Math.max(...branches);
    if (result === PASS && kind !== "flag" && lapsed.has(about) && !(flags & 2)) result = OPEN;
    listed.push({
      about, kind, result, stage: gates.stages[at], due: gates.due[at], because: gates.because[at],
      waived: result === FAIL && waived.has(about), isFloor: false,
    });
  });
  const signed = vendors.signed[vendor];
  if (signed !== null) {
    const because = "A signed declaration that the answers are true, complete and may become part of the contract";
    const due = STAGES.indexOf("award") <= STAGES.indexOf(data.stage);
    listed.push({
      about: "DECLARATION", kind: "must", result: signed, stage: "award", due, because, waived: false, isFloor: false,
    });
  }
  floors.nodes.forEach((about, at) => {
    const {low, reach} = nodes[about] ?? {low: null, reach: null};
    if (low === null) return;
    let result = low >= floors.at_least[at] - TIE ? PASS : (reach ?? 0) < floors.at_least[at] - TIE ? FAIL : OPEN;
    if (result !== PASS && floors.unset[at]) result = OPEN;
    listed.push({
      about, kind: floors.kinds[at], result, stage: floors.stages[at], due: floors.due[at],
      because: floors.because[at], waived: result === FAIL && waived.has(about), isFloor: true,
    });
  });
  return listed;
}

/** @param {Requirement} r */
const excludes = (r) => r.kind === "knock_out" && r.result === FAIL && !r.waived;

/**
 * Give the status of a vendor, and say it in words.
 * @param {Requirement[]} requirements
 * @returns {{status: "eligible"|"conditional"|"excluded", statusText: string}}
 */
export function statusOf(requirements) {
  const wanting = requirements.filter((r) => r.kind !== "flag" && r.result !== PASS);
  const notPassed = wanting.filter((r) => !r.waived && (excludes(r) || r.due));
  const excluding = [...new Map(notPassed.filter(excludes).reverse().map((r) => [r.about, r])).values()].reverse();
  if (excluding.length) {
    const reasons = excluding.map((r) => `${r.because} (${r.about})`).join("; ");
    return {status: "excluded", statusText: `Excluded: ${reasons}`};
  }
  const waived = wanting.filter((r) => r.waived).length;
  const later = STAGES.map((stage) => {
    const count = wanting.filter((r) => !r.waived && !r.due && r.stage === stage).length;
    return count ? `${countText(count, "condition")} before ${stage}` : "";
  }).filter(Boolean).join(" and ");
  const due = notPassed.length;
  let text = later ? `Eligible, subject to ${later}` : "Eligible";
  if (due) {
    text = `May be awarded only after ${countText(due, "requirement")} ${due === 1 ? "is" : "are"} met`;
    if (later) text += `, and ${later}`;
  }
  if (waived) text += `, ${countText(waived, "requirement")} waived`;
  return {status: due ? "conditional" : "eligible", statusText: text};
}

// ---- prices ----

/**
 * Score the prices of all vendors; those that are not excluded set the lowest and the highest.
 * @param {PriceTable} price
 * @param {string} rule
 * @param {{id: string, at: number, excluded: boolean}[]} vendors
 * @param {Record<string, number>} prices totals that are set
 * @returns {{offers: Offer[], lowest: number|null}}
 */
function offersOf(price, rule, vendors, prices) {
  const offers = vendors.map(({id, at}) => {
    const total = prices[id] ?? price.totals[at];
    const suspicious = id in prices ? [] : suspiciousLines(price, vendors, prices, at);
    const sound = total !== null && !suspicious.length;
    return {total, score: 0, low: 0, high: 100, contribution: 0, suspicious, sound};
  });
  const sound = offers.filter((offer, n) => offer.sound && !vendors[n].excluded);
  const totals = sound.map((offer) => /** @type {number} */ (offer.total));
  for (const offer of offers) {
    if (offer.total === null) continue;
    const lowest = totals.length ? Math.min(...totals) : offer.total;
    const highest = totals.length ? Math.max(...totals) : offer.total;
    offer.score = offer.low = offer.high = priceScore(price, rule, offer.total, lowest, highest);
  }
  return {offers, lowest: totals.length ? Math.min(...totals) : null};
}

/**
 * Score one total, 0 to 100; `lowest` and `highest` count under the rules that compare with other bids.
 * @param {PriceTable} price
 * @param {string} rule
 * @param {number} total
 * @param {number} lowest
 * @param {number} highest
 */
export function priceScore(price, rule, total, lowest, highest) {
  const best = price.best ?? 0, worst = price.worst ?? 0;
  const share = {
    fixed_bounds: (worst - total) / (worst - best),
    lowest_ratio: lowest / total,
    linear_min_max: highest > lowest ? (highest - total) / (highest - lowest) : total <= lowest ? 1 : 0,
    linear_from_lowest: 1 - (total - lowest) / lowest,
    quality_per_price: 0,
  }[rule] ?? 0;
  return 100 * Math.min(1, Math.max(0, share));
}

/**
 * List the lines of a vendor whose price is ten times or more off what the others offer.
 * @param {PriceTable} price
 * @param {{id: string, at: number}[]} vendors
 * @param {Record<string, number>} prices
 * @param {number} vendor
 */
function suspiciousLines(price, vendors, prices, vendor) {
  return price.lines.filter((_, line) => {
    const own = price.unit_prices[vendor][line];
    if (!own || own <= 0 || price.confirmed[vendor][line]) return false;
    const others = vendors.filter(({at}) => at !== vendor).map(({id, at}) => {
      // A total that is set moves all lines in proportion.
      const total = price.totals[at], moved = id in prices && total ? prices[id] / total : 1;
      return (price.unit_prices[at][line] ?? 0) * moved;
    });
    const rising = others.filter((bid) => bid !== 0).sort((a, b) => a - b);
    if (!rising.length) return false;
    let low = rising[(rising.length - 1) >> 1], high = rising[rising.length >> 1];
    if (high < 10 * low) low = high = (low + high) / 2;
    return own >= 10 * high * (1 - TIE) || own * 10 <= low * ABOVE;
  });
}

// ---- ranks ----

/**
 * Group vendors of equal score, best first; no group is wider than the tolerance.
 * @template T
 * @param {T[]} vendors
 * @param {(vendor: T) => number} score
 * @returns {T[][]}
 */
function runs(vendors, score) {
  /** @type {T[][]} */
  const groups = [];
  for (const vendor of [...vendors].sort((a, b) => (score(b) > score(a) ? 1 : score(b) < score(a) ? -1 : 0))) {
    const last = groups.at(-1);
    if (last && (score(last[0]) - score(vendor) <= TIE || score(last[0]) === score(vendor))) last.push(vendor);
    else groups.push([vendor]);
  }
  return groups;
}

/**
 * Split tied vendors into groups, best first, each with the tie-breaker that set it apart.
 * @template T
 * @param {T[]} tied
 * @param {[string, (vendor: T) => number][]} breakers
 * @param {string} used
 * @returns {[T[], string][]}
 */
function breakTie(tied, breakers, used) {
  if (tied.length === 1 || !breakers.length) return [[tied, used]];
  const [[name, score], ...rest] = breakers, groups = runs(tied, score);
  return groups.flatMap((group) => breakTie(group, rest, groups.length > 1 ? name : used));
}

/**
 * @param {number} score
 * @param {number[]} scores
 */
const above = (score, scores) => scores.filter((other) => other > score + TIE).length;

/**
 * Rank all vendors under a state. Vendors that are left out, or were not evaluated, are in no list.
 * @param {Arithmetic} data
 * @param {State} state
 * @returns {{vendors: Outcome[], ranking: string[], shortlist: string[]}} vendors ranked first, then excluded by total
 */
export function evaluate(data, state) {
  const {price, vendors} = data;
  const rule = ruleOf(data, state), byRatio = rule === "quality_per_price";
  const share = price && !byRatio ? (state.weights[PRICE] ?? 0) / 100 : 0;
  const quality = qualityWeights(data, state.weights);
  const evaluated = vendors.ids.map((id, at) => ({id, at})).filter(({id}) => !state.out.includes(id));
  const judged = evaluated.map(({id, at}) => judge(data, state, id, at, quality));
  const bids = judged.map((vendor) => ({id: vendor.id, at: vendor.at, excluded: vendor.status === "excluded"}));
  const {offers, lowest} = price ? offersOf(price, rule, bids, state.prices) : {offers: [], lowest: null};
  const outcomes = judged.map((vendor, n) => outcome(data, vendor, offers[n] ?? null, {share, byRatio, lowest}));
  return ranked(data, outcomes);
}

/**
 * Give each category its share of the quality; where none has a weight, the agreed one.
 * @param {Arithmetic} data
 * @param {Weights} weights
 */
function qualityWeights(data, weights) {
  const points = data.categories.ids.map((id) => weights[id] ?? 0);
  if (sum(points) > 0) return points;
  const agreed = agreedWeights(data);
  return data.categories.ids.map((id) => agreed[id] ?? 0);
}

/** @typedef {ReturnType<typeof judge>} Judged */

/**
 * Work out the quality and the status of one vendor.
 * @param {Arithmetic} data
 * @param {State} state
 * @param {string} id
 * @param {number} at
 * @param {number[]} weights of the categories
 */
function judge(data, state, id, at, weights) {
  const {leaves, categories, criteria, counts, requirements, status} = answersOf(data, state, id, at);
  const weighed = categories.map((node, n) => ({...node, weight: weights[n]}));
  return {id, at, leaves, categories: weighed, criteria, counts, requirements, ...status, total: mean(weighed)};
}

/** @typedef {Map<number, {key: string, made: ReturnType<typeof workOut>}>} Kept */
/** @type {WeakMap<Arithmetic, Kept>} */
const keptOf = new WeakMap();

/**
 * Work out what no weight changes, and keep it as long as the answers of the vendor stay as they are.
 * @param {Arithmetic} data
 * @param {State} state
 * @param {string} id
 * @param {number} at
 */
function answersOf(data, state, id, at) {
  const own = Object.keys(state.set).filter((name) => name.startsWith(`${id}/`)).sort();
  const key = JSON.stringify([state.without, ...own.map((name) => [name, state.set[name]])]);
  /** @type {Kept} */
  const kept = keptOf.get(data) ?? new Map();
  keptOf.set(data, kept);
  const before = kept.get(at);
  if (before?.key === key) return before.made;
  const made = workOut(data, state, at);
  kept.set(at, {key, made});
  return made;
}

/**
 * @param {Arithmetic} data
 * @param {State} state
 * @param {number} at
 */
function workOut(data, state, at) {
  const leaves = leavesOf(data, state, at);
  const {categories, criteria, counts} = nodesOf(data, leaves);
  const named = Object.fromEntries([
    ...data.categories.ids.map((name, n) => [name, categories[n]]),
    ...data.criteria.ids.map((name, n) => [name, criteria[n]]),
  ]);
  const requirements = requirementsOf(data, at, leaves, named);
  return {leaves, categories, criteria, counts, requirements, status: statusOf(requirements)};
}

/**
 * Put quality and price together.
 * @param {Arithmetic} data
 * @param {Judged} vendor
 * @param {Offer|null} offer
 * @param {{share: number, byRatio: boolean, lowest: number|null}} how
 */
function outcome(data, vendor, offer, {share, byRatio, lowest}) {
  const {total} = vendor, quality = total.score ?? 0;
  /** @type {(quality: number|null, best?: boolean) => number} */
  const combine = (value, best) => (offer ? share * (best ? offer.high : offer.score) : 0) + (1 - share) * (value ?? 0);
  /** @type {(quality: number|null, best?: boolean) => number} */
  const keyOf = (value, best) => {
    if (!offer || !byRatio) return combine(value, best);
    if (offer.total === null) return best ? Infinity : 0;
    return ((value ?? 0) * (lowest || offer.total)) / offer.total;
  };
  if (offer) offer.contribution = share * offer.score;
  const {nodes, shares} = nodesWithPoints(data, vendor, 1 - share);
  const screen = data.is_screen, agreed = data.vendors.scores[vendor.at] ?? NaN;
  const score = combine(total.score);
  return {
    id: vendor.id, status: vendor.status, statusText: vendor.statusText, quality, offer, nodes, shares,
    leaves: vendor.leaves, counts: vendor.counts, requirements: vendor.requirements,
    score: screen ? null : Math.abs(score - agreed) <= TIE ? agreed : score, low: screen ? null : combine(total.low),
    high: screen ? null : combine(total.high, true), claimed: screen ? null : combine(total.claimed),
    key: keyOf(quality), lowestKey: keyOf(total.low), highestKey: keyOf(total.high, true),
  };
}

/**
 * Give the points of the total that each question earns.
 * @param {Arithmetic} data
 * @param {Outcome} vendor
 * @returns {number[]}
 */
export function contributions(data, vendor) {
  const {criteria, questions} = data, sums = criteria.ids.map(() => 0);
  questions.criteria.forEach((criterion, at) => (sums[criterion] += vendor.counts[at] ? questions.weights[at] : 0));
  return questions.criteria.map((criterion, at) => {
    const counts = vendor.counts[at] && sums[criterion];
    return counts ? ((vendor.shares[criterion] * questions.weights[at]) / sums[criterion]) * vendor.leaves[at][2] : 0;
  });
}

/**
 * Share the points of the quality out to categories and criteria.
 * @param {Arithmetic} data
 * @param {Judged} vendor
 * @param {number} whole
 */
function nodesWithPoints(data, vendor, whole) {
  const {categories, criteria} = data;
  /** @type {Record<string, Node>} */
  const nodes = {};
  /** @param {Node[]} siblings */
  const left = (siblings) => sum(siblings.map((node) => (node.score === null ? 0 : node.weight)));
  const all = left(vendor.categories);
  const below = categories.ids.map((_, at) => vendor.criteria.filter((_, n) => criteria.categories[n] === at));
  const effective = categories.ids.map((id, at) => {
    const node = vendor.categories[at], own = node.score === null || !all ? 0 : (whole * node.weight) / all;
    nodes[id] = {...node, contribution: own * (node.score ?? 0)};
    return own;
  });
  const shares = criteria.ids.map((id, at) => {
    const node = vendor.criteria[at], category = criteria.categories[at], sums = left(below[category]);
    const own = node.score === null || !sums ? 0 : (effective[category] * node.weight) / sums;
    nodes[id] = {...node, contribution: own * (node.score ?? 0)};
    return own;
  });
  return {nodes, shares};
}

/**
 * @param {Arithmetic} data
 * @param {ReturnType<typeof outcome>[]} outcomes
 * @returns {{vendors: Outcome[], ranking: string[], shortlist: string[]}}
 */
function ranked(data, outcomes) {
  const all = outcomes.map((vendor) => ({
    ...vendor,
    rank: /** @type {number|null} */ (null), bestRank: /** @type {number|null} */ (null),
    worstRank: /** @type {number|null} */ (null), wouldRank: /** @type {number|null} */ (null), tieBrokenBy: "",
  }));
  const inRace = all.filter((vendor) => vendor.status !== "excluded");
  if (data.is_screen) return {vendors: all, ranking: [], shortlist: inRace.map((vendor) => vendor.id)};
  const keys = inRace.map((v) => v.key), lows = inRace.map((v) => v.lowestKey), highs = inRace.map((v) => v.highestKey);
  const breakers = data.tie_breakers.map((name) => /** @type {[string, (v: (typeof all)[0]) => number]} */ ([
    name, (v) => (name === PRICE ? (v.offer ? -(v.offer.total ?? Infinity) : 0) : v.nodes[name]?.score ?? 0),
  ]));
  const order = [];
  for (const tied of runs(inRace, (vendor) => vendor.key)) {
    for (const [group, brokenBy] of breakTie(tied, breakers, "")) {
      const rank = order.length + 1;
      for (const vendor of group.sort((a, b) => (a.id < b.id ? -1 : 1))) {
        vendor.rank = rank;
        vendor.bestRank = 1 + above(vendor.highestKey, lows);
        vendor.worstRank = 1 + above(vendor.lowestKey, highs) - Number(vendor.highestKey > vendor.lowestKey + TIE);
        vendor.tieBrokenBy = brokenBy;
        order.push(vendor);
      }
    }
  }
  const excluded = all.filter((vendor) => vendor.status === "excluded");
  for (const vendor of excluded) vendor.wouldRank = 1 + above(vendor.key, keys);
  excluded.sort((a, b) => (b.score ?? 0) - (a.score ?? 0));
  return {
    vendors: [...order, ...excluded],
    ranking: order.map((vendor) => vendor.id),
    shortlist: order.filter((vendor) => (vendor.rank ?? 0) <= data.shortlist).map((vendor) => vendor.id),
  };
}
