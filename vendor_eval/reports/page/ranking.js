// @ts-check
/** The ranking drawn: bars whose parts are as wide as what they contribute, and lines from the agreed place to yours. */
import {PRICE} from "./arithmetic.js";
import {differenceText, moneyText, numberText, ordinalText} from "./figures.js";

/** @typedef {import("./arithmetic.js").Outcome} Outcome */
/** @typedef {ReturnType<typeof rowOf>} Row */
/**
 * @typedef {{digits: number, titles: Record<string, string>, currency: string,
 *   weights: import("./arithmetic.js").Weights}} Shown
 */

const MOVE = {duration: 260, easing: "ease-out"};
const GUTTER = 72;

/**
 * @param {import("./arithmetic.js").PageData} page
 * @param {import("./state.js").Store} store
 */
export function startRanking(page, store) {
  const body = document.querySelector("#ranking tbody");
  if (!body) return;
  const rows = [...body.querySelectorAll("tr")].map(rowOf);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const agreedOutcomes = new Map(store.agreedResult.vendors.map((vendor) => [vendor.id, vendor]));
  const titles = Object.fromEntries(store.data.categories.ids.map((id, at) => [id, store.data.categories.titles[at]]));
  const shown = {digits: page.digits, titles, currency: store.data.price?.currency ?? ""};
  const slopes = slopesOf(rows);
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)");
  let order = rows, places = placesOf(rows), frame = 0;

  store.subscribe(() => {
    const outcomes = store.result.vendors, listed = outcomes.map(({id}) => /** @type {Row} */ (byId.get(id)));
    const next = [...listed, ...rows.filter((row) => !listed.includes(row))];
    outcomes.forEach((vendor, at) => {
      drawRow(listed[at], vendor, agreedOutcomes.get(vendor.id), {...shown, weights: store.state.weights});
    });
    rows.filter((row) => !listed.includes(row)).forEach((row) => drawLeftOut(row, store.state.out.includes(row.id)));
    reorder(body, order, next);
    order = next;
    frame ||= requestAnimationFrame(settle);
  });
  new ResizeObserver(() => (frame ||= requestAnimationFrame(settle))).observe(body);

  /** Draw what needs to know where rows are: once a frame, since that lays the page out. */
  function settle() {
    const before = places;
    frame = 0;
    places = placesOf(order);
    if (slopes) slopes(places);
    if (!isCalm.matches) slide(before, places);
  }
}

/**
 * Put rows in another order, and move as few of them as that needs: one that moves is laid out anew and loses the focus.
 * @param {Element} body
 * @param {Row[]} before
 * @param {Row[]} next
 */
function reorder(body, before, next) {
  const staying = new Set(longestRise(next.map((row) => before.indexOf(row))).map((place) => before[place]));
  for (let at = next.length - 1; at >= 0; at--) {
    if (!staying.has(next[at])) body.insertBefore(next[at].element, next[at + 1]?.element ?? null);
  }
}

/** @param {number[]} numbers each of them once; give a longest series of them that rises from left to right */
function longestRise(numbers) {
  /** @type {number[][]} the longest that ends with each */
  const series = [];
  for (const number of numbers) {
    const before = series.filter((other) => other[other.length - 1] < number);
    series.push([...before.reduce((longest, other) => (other.length > longest.length ? other : longest), []), number]);
  }
  return series.reduce((longest, other) => (other.length > longest.length ? other : longest), []);
}

/**
 * Measure where rows are.
 * @param {Row[]} rows
 * @returns {Map<Row, {top: number, height: number}>}
 */
const placesOf = (rows) =>
  new Map(rows.map((row) => [
    row, {top: row.element.offsetTop, height: row.element.getBoundingClientRect().height},
  ]));

/** @typedef {ReturnType<typeof placesOf>} Places */

/** @param {Places} before @param {Places} after move rows that have another place than before */
function slide(before, after) {
  const order = [...before.keys()];
  for (const [row, {top}] of [...after].filter(([row], at) => row !== order[at])) {
    const by = (before.get(row)?.top ?? top) - top;
    if (by) row.element.animate([{transform: `translateY(${by}px)`}, {transform: "none"}], MOVE);
  }
}

/** @param {HTMLTableRowElement} element */
function rowOf(element) {
  /** @param {string} name */
  const part = (name) => /** @type {HTMLElement|null} */ (element.querySelector(name));
  return {
    element,
    id: element.dataset.vendor ?? "",
       agreedStatus: part(".status")?.textContent ?? "",
    agreedClass: element.className,
    rank: part(".rank"), score: part(".score"), change: part(".change"), status: part(".status"),
    price: part(".price"), met: part(".met"),
    bar: element.querySelector(".bar svg"),
    whisker: element.querySelector(".whisker"),
    lines: [...element.querySelectorAll(".whisker line")],
    parts: [...element.querySelectorAll("rect[data-part]")].map((rect) => ({
      rect, id: rect.getAttribute("data-part") ?? "", title: /** @type {Element} */ (rect.firstElementChild),
    })),
  };
}

/** @param {Element|null} element @param {string} text write only what is new, so that nothing else is laid out anew */
function write(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

/**
 * @param {Row} row
 * @param {Outcome} vendor
 * @param {Outcome|undefined} agreed
 * @param {Shown} shown
 */
function drawRow(row, vendor, agreed, shown) {
  const {element} = row, rank = vendor.rank === null ? "" : String(vendor.rank);
  element.className = vendor.status;
  element.dataset.rank = rank;
  element.dataset.score = vendor.score === null ? "" : String(vendor.score);
  write(row.rank, rank || "–");
  write(row.status, vendor.statusText);
  write(row.score, numberText(vendor.score, shown.digits));
  write(row.change, agreed ? changeText(vendor, agreed, shown.digits) : "");
  write(row.price, priceText(vendor, shown.currency));
  write(row.met, metText(vendor));
  if (vendor.score !== null) drawBar(row, vendor, shown);
}

/** @param {Outcome} vendor @param {string} currency */
function priceText({offer}, currency) {
  if (!offer) return "";
  return offer.total === null ? "price incomplete" : `${currency} ${moneyText(offer.total)}`;
}

/** @param {Outcome} vendor */
function metText({requirements}) {
  const asked = requirements.filter(({kind}) => kind !== "flag"), met = asked.filter(({result}) => result === 2);
  return asked.length ? `${met.length} of ${asked.length} requirements met` : "no requirement asked";
}

/** @param {Row} row @param {boolean} isLeftOut or was never evaluated */
function drawLeftOut(row, isLeftOut) {
  row.element.className = isLeftOut ? "left-out" : row.agreedClass;
  row.element.dataset.rank = "";
  row.element.dataset.score = "";
  write(row.rank, "–");
  write(row.status, isLeftOut ? "Left out by you" : row.agreedStatus);
  write(row.score, "–");
  write(row.change, "");
}

/**
 * Say what differs from the agreed points and place.
 * @param {Outcome} vendor
 * @param {Outcome} agreed
 * @param {number} digits
 */
function changeText(vendor, agreed, digits) {
  const by = (vendor.score ?? 0) - (agreed.score ?? 0);
  const points = Math.abs(by) > 1e-9 ? [differenceText(by, digits)] : [];
  const place = agreed.rank === null ? "was not ranked" : `was ${ordinalText(agreed.rank)}`;
  return [...points, ...(vendor.rank === agreed.rank ? [] : [place])].join("\n");
}

/**
 * @param {Row} row
 * @param {Outcome} vendor
 * @param {Shown} shown
 */
function drawBar(row, vendor, {digits, weights, titles}) {
  let start = 0;
  for (const {rect, id, title} of row.parts) {
    const points = id === PRICE ? vendor.offer?.contribution ?? 0 : vendor.nodes[id]?.contribution ?? 0;
    rect.setAttribute("x", `${start}%`);
    rect.setAttribute("width", `${Math.max(0, points)}%`);
    write(title, `${titles[id] ?? "Price"}: ${numberText(points)} of ${numberText(weights[id] ?? 0)} points`);
    start += points;
  }
  const low = vendor.low ?? 0, high = vendor.high ?? 0;
  row.whisker?.setAttribute("visibility", high - low > 1e-9 ? "visible" : "hidden");
  [[low, high], [low, low], [high, high]].forEach(([from, to], at) => {
    row.lines[at].setAttribute("x1", `${from}%`);
    row.lines[at].setAttribute("x2", `${to}%`);
  });
  const name = row.element.querySelector(".name")?.textContent ?? "";
  const [least, most] = [numberText(low, digits), numberText(high, digits)];
  const range = least === most ? "" : `, between ${least} and ${most}, whatever the open answers turn out to be`;
  row.bar?.setAttribute("aria-label", `${name} has ${numberText(vendor.score, digits)} points of 100${range}`);
}

/**
 * Make the lines from the agreed places to those of now; there are none in a screen.
 * @param {Row[]} agreed rows in the agreed order
 */
function slopesOf(agreed) {
  const svg = document.getElementById("slopes");
  if (!svg) return null;
  const paths = svg.querySelectorAll("path"), labels = svg.querySelectorAll("text");
  /** @param {Places} places */
  return (places) => {
    const order = [...places.keys()];
    let start = Math.min(...[...places.values()].map(({top}) => top));
    agreed.forEach((row, at) => {
      const {top, height} = /** @type {{top: number, height: number}} */ (places.get(row));
      const from = start + height / 2, to = top + height / 2;
      paths[at].setAttribute("d", `M 29 ${from} C 48 ${from} 48 ${to} ${GUTTER - 6} ${to}`);
      paths[at].setAttribute("class", ["up", "same", "down"][Math.sign(order.indexOf(row) - at) + 1]);
      labels[at].setAttribute("y", String(from + 5));
      start += height;
    });
  };
}
