// @ts-check
/** The page comes alive: controls change the state, the state is ranked, and the ranking is drawn. */
import {agreedState, agreedWeights, evaluate, isAgreed, moveWeight} from "./arithmetic.js";

/** @type {import("./arithmetic.js").PageData} */
const page = JSON.parse(document.getElementById("data")?.textContent ?? "{}");

if (page.arithmetic) start(page.arithmetic);

/** @param {import("./arithmetic.js").Arithmetic} data */
function start(data) {
  let state = agreedState(data);
  const agreed = agreedWeights(data);
  /** @param {string} name @param {string} kind */
  const input = (name, kind) => /** @type {HTMLInputElement} */ (document.querySelector(`[name="${kind}-${name}"]`));

  function draw() {
    for (const [name, points] of Object.entries(state.weights)) {
      for (const kind of ["weight", "number"]) input(name, kind).value = String(points);
    }
    const {vendors} = evaluate(data, state);
    for (const vendor of vendors) {
      const row = /** @type {HTMLElement} */ (document.querySelector(`[data-vendor="${CSS.escape(vendor.id)}"]`));
      row.dataset.rank = vendor.rank === null ? "" : String(vendor.rank);
      row.dataset.score = vendor.score === null ? "" : String(vendor.score);
      /** @type {HTMLElement} */ (row.querySelector(".rank")).textContent = row.dataset.rank;
      /** @type {HTMLElement} */ (row.querySelector(".score")).textContent = (vendor.score ?? 0).toFixed(page.digits);
      row.parentElement?.append(row);
    }
    /** @type {HTMLElement} */ (document.getElementById("banner")).hidden = isAgreed(data, state);
  }

  for (const name of Object.keys(state.weights)) {
    for (const kind of ["weight", "number"]) {
      input(name, kind).addEventListener("input", (event) => {
        const points = Number(/** @type {HTMLInputElement} */ (event.target).value);
        state = {...state, weights: moveWeight(state.weights, name, points, [], agreed)};
        draw();
      });
    }
  }
  document.getElementById("reset")?.addEventListener("click", () => {
    state = agreedState(data);
    draw();
  });
  draw();
}
