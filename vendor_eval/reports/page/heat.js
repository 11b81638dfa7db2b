// @ts-check
/** The scores by category, as the answers and weights are set. */
import {numberText} from "./figures.js";

const MARKS = [["▼", "below the floor"], ["△", "floor open"]];

/**
 * @param {import("./arithmetic.js").PageData} page
 * @param {import("./state.js").Store} store
 */
export function startHeat(page, store) {
  const cells = new Map([...document.querySelectorAll("[data-heat]")].map((row) => [
    row.getAttribute("data-heat"), [...row.querySelectorAll("td")],
  ]));
  const weights = [...document.querySelectorAll("[data-agreed-weight]")];
  let set = /** @type {unknown} */ (null), without = "";
  store.subscribe(() => {
    for (const cell of weights) {
      const text = numberText(store.state.weights[cell.getAttribute("data-agreed-weight") ?? ""] ?? 0);
      if (cell.textContent !== text) cell.textContent = text;
    }
    // No weight changes the score of a category.
    if (set === store.state.set && without === store.state.without) return;
    ({set, without} = store.state);
    for (const vendor of store.result.vendors) {
      for (const cell of cells.get(vendor.id) ?? []) drawCell(cell, vendor);
    }
  });
}

/** @param {HTMLTableCellElement} cell @param {import("./arithmetic.js").Outcome} vendor */
function drawCell(cell, vendor) {
  const id = cell.dataset.part ?? "", score = vendor.nodes[id]?.score ?? null, [value, floor] = cell.children;
  const text = numberText(score), shade = score === null ? "none" : `s${Math.min(9, Math.max(0, Math.floor(score / 10)))}`;
  const own = vendor.requirements.find((requirement) => requirement.isFloor && requirement.about === id);
  const key = own ? `${own.result}${own.waived}` : "";
  if (value.textContent !== text) value.textContent = text;
  if (cell.className !== shade) cell.className = shade;
  if (cell.dataset.floor === key) return;
  cell.dataset.floor = key;
  floor.replaceChildren();
  if (!own || own.result === 2) return;
  const [sign, words] = MARKS[own.result];
  for (const [part, name] of [[` ${sign}${own.waived ? "w" : ""}`, ""], [`${words}${own.waived ? ", waived" : ""}`, "unseen"]]) {
    const span = floor.appendChild(document.createElement("span"));
    span.textContent = part;
    span.className = name;
    if (!name) span.ariaHidden = "true";
  }
}
