// @ts-check
/** Sliders and boxes of the weights. */

/**
 * @param {import("./arithmetic.js").PageData} page
 * @param {import("./state.js").Store} store
 */
export function startWeights(page, store) {
  /** @param {string} name @param {string} kind */
  const input = (name, kind) => /** @type {HTMLInputElement} */ (document.querySelector(`[name="${kind}-${name}"]`));
  for (const name of Object.keys(store.agreed.weights)) {
    for (const kind of ["weight", "number"]) {
      input(name, kind).addEventListener("input", (event) => {
        store.move(name, Number(/** @type {HTMLInputElement} */ (event.target).value));
      });
    }
  }
  document.getElementById("reset")?.addEventListener("click", () => store.reset());
  store.subscribe(() => {
    for (const [name, points] of Object.entries(store.state.weights)) {
      for (const kind of ["weight", "number"]) input(name, kind).value = String(points);
    }
  });
}
