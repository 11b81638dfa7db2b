// @ts-check
/**
 * What is set on the page, what comes of it, and its place in the address, so that it can be sent:
 * `#w=security:40,price:20&set=brenovik/GEN-07:best&rule=lowest_ratio&prices=brenovik:900000&out=zenquora&without=adler&pin=price`
 */
import {agreedState, agreedWeights, evaluate, isAgreed, moveWeight, setWeights} from "./arithmetic.js";

/**
 * @typedef {import("./arithmetic.js").Arithmetic} Arithmetic
 * @typedef {import("./arithmetic.js").State} State
 * @typedef {ReturnType<typeof evaluate>} Ranked
 * @typedef {{state: State, pinned: string[], unknown: string[]}} Address what an address sets; `unknown` is in no table
 * @typedef {ReturnType<typeof createStore>} Store
 */

// A browser lets a page write its address 200 times in 30 seconds.
const WRITE_EVERY = 200;
const SETTING_NAMES = ["proven", "failed", "best"];
const PRICE_RULES = ["fixed_bounds", "lowest_ratio", "linear_min_max", "linear_from_lowest", "quality_per_price"];

/**
 * Keep the state of the page: who changes it calls `change`, `move`, `pin` or `reset`, who shows it subscribes.
 * @param {Arithmetic} data
 */
export function createStore(data) {
  const agreed = agreedState(data), agreedResult = evaluate(data, agreed);
  let state = agreed, result = agreedResult, pinned = /** @type {string[]} */ ([]), unknown = /** @type {string[]} */ ([]);
  let written = "", due = 0, shares = agreed.weights;
  /** @type {(() => void)[]} */
  const listeners = [];

  const store = {
    data,
    agreed,
    agreedResult,
    get state() { return state; },
    /** What comes of the state: all vendors as they are ranked now. */
    get result() { return result; },
    get pinned() { return pinned; },
    /** What the address named and nobody knows. */
    get unknown() { return unknown; },
    get isAgreed() { return isAgreed(data, state); },

    /** @param {Partial<State>} part that replaces what is set; empty values are as agreed */
    change(part) {
      if (part.weights) shares = agreed.weights;
      show({...state, ...part}, pinned);
    },
    /** @param {string} name @param {number} points move one weight, the others in proportion */
    move(name, points) {
      const before = state.weights, weights = moveWeight(before, name, points, pinned, shares);
      // What the others had before one takes all is what they get again when it gives way.
      const free = Object.entries(before).filter(([other]) => other !== name && !pinned.includes(other));
      if (free.some(([, own]) => own > 0)) shares = {...shares, ...Object.fromEntries(free)};
      show({...state, weights}, pinned);
    },
    /** @param {string} name @param {boolean} isPinned */
    pin(name, isPinned) { show(state, [...pinned.filter((other) => other !== name), ...(isPinned ? [name] : [])]); },
    reset() {
      shares = agreed.weights;
      show(agreed, []);
    },
    /** @param {() => void} listener called now and after each change */
    subscribe(listener) { listeners.push(listener); listener(); },
  };

  /** @param {State} next @param {string[]} pins */
  function show(next, pins) {
    state = next;
    pinned = pins;
    unknown = [];
    result = evaluate(data, state);
    listeners.forEach((listener) => listener());
    if (!due) due = setTimeout(write, performance.now() - lastWrite > WRITE_EVERY ? 0 : WRITE_EVERY);
  }

  let lastWrite = -WRITE_EVERY;
  function write() {
    due = 0;
    lastWrite = performance.now();
    written = addressOf(data, {state, pinned});
    history.replaceState(null, "", written ? `#${written}` : location.pathname + location.search);
  }

  function read() {
    const address = location.hash.slice(1);
    if (address === written || (address && !/=|%3D/i.test(address))) return;
    written = address;
    ({state, pinned, unknown} = stateOf(data, address));
    shares = agreed.weights;
    result = evaluate(data, state);
    listeners.forEach((listener) => listener());
  }

  addEventListener("hashchange", read);
  read();
  return store;
}

/**
 * Write a state as the part of an address after #; of the weights those that are not in proportion to the agreed ones.
 * @param {Arithmetic} data
 * @param {{state: State, pinned: string[]}} set
 * @returns {string}
 */
export function addressOf(data, {state, pinned}) {
  /** @type {[string, string[]][]} */
  const parts = [
    ["w", pairs(weightsListed(agreedWeights(data), state.weights))],
    ["set", pairs(state.set)],
    ["rule", state.rule && state.rule !== data.price?.rule ? [state.rule] : []],
    ["prices", pairs(state.prices)],
    ["out", state.out.map(escaped)],
    ["without", state.without ? [escaped(state.without)] : []],
    ["pin", pinned.map(escaped)],
  ];
  return parts.filter(([, values]) => values.length).map(([name, values]) => `${name}=${values.join(",")}`).join("&");
}

/** @param {string} text */
const escaped = (text) => encodeURIComponent(text).replaceAll("%2F", "/");

/** @param {Record<string, string|number>} table */
const pairs = (table) => Object.entries(table).map(([name, value]) => `${escaped(name)}:${value}`);

/**
 * List the weights that must be written: the largest group that shares one proportion to the agreed ones needs no word.
 * @param {import("./arithmetic.js").Weights} agreed
 * @param {import("./arithmetic.js").Weights} weights
 * @returns {import("./arithmetic.js").Weights}
 */
function weightsListed(agreed, weights) {
  const names = Object.keys(agreed);
  /** @param {string} name @param {string} other */
  const inProportion = (name, other) =>
    agreed[name] > 0 && agreed[other] > 0 &&
    Math.abs(weights[name] * agreed[other] - weights[other] * agreed[name]) < 1e-7;
  const groups = names.map((name) => names.filter((other) => inProportion(name, other)));
  const silent = groups.reduce((largest, group) => (group.length > largest.length ? group : largest), []);
  const listed = names.filter((name) => !silent.includes(name) && !(agreed[name] === 0 && weights[name] === 0));
  return Object.fromEntries(listed.map((name) => [name, Number(weights[name].toFixed(9))]));
}

/**
 * Read the part of an address after #. What names nothing that is here is told, not guessed.
 * @param {Arithmetic} data
 * @param {string} address
 * @returns {Address}
 */
export function stateOf(data, address) {
  const read = entriesRead(data, address);
  if (!read.unknown.length || !address.includes("%")) return read;
  // Some programs escape a link that is sent with them once more.
  const plainer = entriesRead(data, unescaped(address));
  return plainer.unknown.length ? read : plainer;
}

/**
 * @param {Arithmetic} data
 * @param {string} address
 * @returns {Address}
 */
function entriesRead(data, address) {
  const agreed = agreedWeights(data), {ids} = data.vendors;
  /** @type {Address} */
  const read = {state: agreedState(data), pinned: [], unknown: []};
  /** @type {import("./arithmetic.js").Weights} */
  const listed = {};
  /** @type {Record<string, (name: string, value: string) => unknown>} each takes a name that it knows */
  const readers = {
    w: (name, value) => Object.hasOwn(agreed, name) && isPoints(value) && (listed[name] = Number(value), true),
    set: (name, value) => isAnswer(data, name) && SETTING_NAMES.includes(value) &&
      (read.state.set[name] = /** @type {import("./arithmetic.js").Setting} */ (value)),
    rule: (name) => data.price && PRICE_RULES.includes(name) && (read.state.rule = name),
    prices: (name, value) => data.price && ids.includes(name) && Number(value) > 0 && Number.isFinite(Number(value)) &&
      (read.state.prices[name] = Number(value)),
    out: (name) => ids.includes(name) && read.state.out.push(name),
    without: (name) => Object.hasOwn(data.without, name) && (read.state.without = name),
    pin: (name) => Object.hasOwn(agreed, name) && read.pinned.push(name),
  };
  for (const part of address.split("&").filter(Boolean)) {
    const at = part.indexOf("="), key = part.slice(0, at);
    for (const entry of part.slice(at + 1).split(",")) {
      const [name, value] = entry.split(":").map(unescaped);
      if (!Object.hasOwn(readers, key) || !readers[key](name, value ?? "")) read.unknown.push(unescaped(part));
    }
  }
  if (Object.keys(listed).length) read.state.weights = setWeights(agreed, listed, agreed);
  return read;
}

/** @param {string} text */
function unescaped(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // no escaped text: shown as unknown, if it names nothing
  }
}

/** @param {string} value */
const isPoints = (value) => value !== "" && Number(value) >= 0 && Number(value) <= 100;

/** @param {Arithmetic} data @param {string} name vendor/question */
function isAnswer(data, name) {
  const at = name.lastIndexOf("/");
  return data.vendors.ids.includes(name.slice(0, at)) && data.questions.ids.includes(name.slice(at + 1));
}
