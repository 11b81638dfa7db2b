// @ts-check
/** Sliders and boxes of the weights, which of them are fixed, and named sets of weights. */
import {agreedWeights, PRICE, ruleOf} from "./arithmetic.js";
import {refuse, typedNumber} from "./elements.js";
import {numberText} from "./figures.js";

const ROUNDED = 0.05; // a box shows one decimal
const STEP = 0.5; // of a slider that is dragged; keys and boxes are exact

/**
 * @param {import("./arithmetic.js").PageData} page
 * @param {import("./state.js").Store} store
 */
export function startWeights(page, store) {
  const form = /** @type {HTMLFormElement|null} */ (document.getElementById("weights"));
  if (!form) return;
  const rows = [...form.querySelectorAll("[data-weight]")].map((row) => weightOf(row, store));
  const preset = /** @type {HTMLSelectElement|null} */ (form.querySelector("#preset"));
  const presets = presetsOf(store.data);
  form.addEventListener("submit", (event) => event.preventDefault());
  preset?.addEventListener("change", () => store.change({weights: presets[preset.value] ?? store.agreed.weights}));

  store.subscribe(() => {
    const {weights} = store.state, {pinned} = store, isRatio = ruleOf(store.data, store.state) === "quality_per_price";
    for (const {name, slider, box, pin, isTyped} of rows) {
      if (slider.valueAsNumber !== weights[name]) slider.value = String(weights[name]);
      slider.ariaValueText = `${numberText(weights[name])} points`;
      if (!isTyped()) box.value = shortText(weights[name]);
      refuse(box, "");
      pin.checked = pinned.includes(name);
      if (name === PRICE) slider.disabled = box.disabled = pin.disabled = isRatio;
    }
    /** @type {HTMLElement} */ (form.querySelector("#held")).hidden = pinned.length < rows.length - 1;
    if (preset) preset.value = nameOf(weights, {"": store.agreed.weights, ...presets});
  });
}

/** @param {Element} row @param {import("./state.js").Store} store */
function weightOf(row, store) {
  const name = row.getAttribute("data-weight") ?? "";
  const [slider, box, pin] = row.querySelectorAll("input");
  let isDragged = false, isTyped = false;
  slider.addEventListener("pointerdown", () => (isDragged = true));
  for (const end of ["pointerup", "pointercancel", "blur"]) slider.addEventListener(end, () => (isDragged = false));
  /** @param {number} points that differ from those of now */
  const move = (points) => {
    if (Number.isFinite(points) && points !== store.state.weights[name]) store.move(name, points);
  };
  const typed = () => {
    const {weights} = store.state, agreed = store.agreed.weights[name], text = box.value.trim();
    const fixed = store.pinned.filter((other) => other !== name).reduce((sum, other) => sum + weights[other], 0);
    // Who types what the box showed of the agreed weight means that weight.
    const points = text === shortText(agreed) ? agreed : typedNumber(text), most = 100 - fixed;
    const isTaken = points >= 0 && points < most + ROUNDED;
    const range = `a number from 0 to ${shortText(most)}${fixed ? ", since the rest is fixed" : ""}`;
    if (isTaken) move(Math.min(points, most));
    refuse(box, text && !isTaken ? `“${text}” is not taken: write ${range}. The weight stays ${shortText(weights[name])}.` : "");
  };
  slider.addEventListener("input", () => {
    const points = slider.valueAsNumber;
    move(isDragged ? Math.round(points / STEP) * STEP : points);
  });
  slider.addEventListener("change", () => move(slider.valueAsNumber));
  box.addEventListener("input", () => {
    isTyped = true;
    typed();
    isTyped = false;
  });
  // What cannot be is replaced by what counts once the box is left, or Enter pressed; the words below it stay.
  box.addEventListener("change", () => {
    typed();
    box.value = shortText(store.state.weights[name]);
  });
  pin.addEventListener("change", () => store.pin(name, pin.checked));
  for (const [event, isLit] of /** @type {const} */ ([
    ["pointerenter", true], ["focusin", true], ["pointerleave", false], ["focusout", false],
  ])) {
    row.addEventListener(event, () => light(isLit ? name : ""));
  }
  return {name, slider, box, pin, isTyped: () => isTyped};
}

/** @param {number} points with one decimal, as everywhere on the page */
const shortText = (points) => numberText(points);

/** @param {string} name of the part of the bars that is shown, the others pale; "" shows all alike */
function light(name) {
  for (const rect of document.querySelectorAll("#ranking rect[data-part]")) {
    rect.classList.toggle("pale", name !== "" && rect.getAttribute("data-part") !== name);
  }
}

/**
 * @param {import("./arithmetic.js").Arithmetic} data
 * @returns {Record<string, import("./arithmetic.js").Weights>}
 */
function presetsOf(data) {
  const agreed = agreedWeights(data);
  return Object.fromEntries(Object.entries(data.categories.presets).map(([name, points]) => {
    const weights = data.categories.ids.flatMap((id, at) => (id in agreed ? [[id, points[at] ?? 0]] : []));
    return [name, {...Object.fromEntries(weights), ...(data.price ? {[PRICE]: agreed[PRICE]} : {})}];
  }));
}

/**
 * @param {import("./arithmetic.js").Weights} weights
 * @param {Record<string, import("./arithmetic.js").Weights>} sets
 * @returns {string} name of the set that these are, * if they are none
 */
function nameOf(weights, sets) {
  const same = Object.entries(sets).find(([, set]) =>
    Object.keys(weights).every((name) => Math.abs(weights[name] - set[name]) < 1e-7));
  return same ? same[0] : "*";
}
