// @ts-check
/** Elements of the page, figures as text, and what is drawn again when something is set. */

/** @typedef {string|Node|null|undefined|false} Child */

/**
 * Make an element. Texts become text, whatever is in them.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, unknown>} [properties] and attributes, where there is no such property
 * @param {Child[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) Object.assign(element, {[name]: value});
    else element.setAttribute(name, String(value));
  }
  element.append(.../** @type {(string|Node)[]} */ (children.filter(Boolean)));
  return element;
}

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * Make a list of labels and texts; a text may be several.
 * @param {[string, Child|Child[]][]} rows
 */
export const facts = (rows) =>
  make("dl", {className: "facts"}, ...rows.map(([label, texts]) =>
    make("div", {}, make("dt", {}, label), ...[texts].flat().map((text) => make("dd", {}, text)))));

/**
 * Make a part that opens; what is in it is made when it is opened for the first time.
 * @param {Child[]} summary
 * @param {() => Child[]} inside
 */
export function opening(summary, inside) {
  const details = make("details", {}, make("summary", {}, ...summary));
  details.addEventListener("toggle", () => details.append(.../** @type {Node[]} */ (inside().filter(Boolean))), {once: true});
  return details;
}

/**
 * Make a list to choose from, with its label.
 * @param {string} label
 * @param {[string, string][]} options value and text
 * @param {(value: string) => void} choose
 */
export function chooser(label, options, choose) {
  const select = make("select", {}, ...options.map(([value, text]) => make("option", {value}, text)));
  select.addEventListener("change", () => choose(select.value));
  return {select, field: make("label", {className: "field"}, make("span", {}, label), select)};
}

/**
 * Read a number as people type it, with a point or a comma before its decimals.
 * @param {string} text
 * @returns {number} NaN where it is none
 */
export const typedNumber = (text) =>
  (/^\s*[-+]?(\d+[.,]?\d*|[.,]\d+)\s*$/.test(text) ? Number(text.replace(",", ".")) : NaN);

/**
 * Say below a box why what was typed is not taken, in place of what was said before; nothing with "".
 * @param {HTMLInputElement} box
 * @param {string} words
 */
export function refuse(box, words) {
  const place = /** @type {HTMLElement} */ (box.parentElement);
  const said = place.querySelector(".refusal") ?? place.appendChild(make("span", {className: "refusal", role: "alert"}));
  said.textContent = words;
  box.setAttribute("aria-invalid", String(words !== ""));
}

/**
 * Put elements in an order, without taking the focus from what is in them.
 * @param {Element} parent
 * @param {Element[]} elements
 */
export function arrange(parent, elements) {
  if (parent.children.length === elements.length && elements.every((element, at) => parent.children[at] === element)) return;
  const focused = /** @type {HTMLElement|null} */ (document.activeElement);
  parent.replaceChildren(...elements);
  if (focused?.isConnected && focused !== document.activeElement) focused.focus({preventScroll: true});
}

const DRAW_EVERY = 100; // milliseconds: while a slider moves, the ranking follows in each frame and the rest now and then

/** @type {WeakMap<import("./state.js").Store, Set<{element: Element, draw: () => void}>>} */
const drawnBy = new WeakMap();

/**
 * Draw something now, and again after each change as long as it is on the page.
 * @param {import("./state.js").Store} store
 * @param {Element} element
 * @param {() => void} draw
 */
export function live(store, element, draw) {
  draw();
  const known = drawnBy.get(store);
  if (known) return void known.add({element, draw});
  /** @type {Set<{element: Element, draw: () => void}>} */
  const drawn = new Set([{element, draw}]);
  drawnBy.set(store, drawn);
  let before = store.state, timer = 0, frame = 0, last = -DRAW_EVERY;
  const drawAll = () => {
    clearTimeout(timer);
    timer = frame = 0;
    last = performance.now();
    for (const entry of drawn) {
      if (entry.element.isConnected) entry.draw();
      else drawn.delete(entry);
    }
  };
  store.subscribe(() => {
    const {state} = store, names = /** @type {(keyof typeof state)[]} */ (Object.keys(state));
    if (state === before) return;
    const wait = names.every((name) => name === "weights" || state[name] === before[name]) ? last + DRAW_EVERY - performance.now() : 0;
    before = state;
    if (wait > 0) timer ||= setTimeout(drawAll, wait);
    else frame ||= requestAnimationFrame(drawAll);
  });
}

/**
 * Print a weight or an amount without decimals that it does not have.
 * @param {number} value
 */
export const plain = (value) => value.toLocaleString("en-US", {maximumFractionDigits: 3});

/**
 * @param {string} text
 * @param {number} most
 */
export const shorten = (text, most) => (text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text);
