// @ts-check
/** The ranking drawn: rows that move, scores, and who would come first. */

/**
 * @param {import("./arithmetic.js").PageData} page
 * @param {import("./state.js").Store} store
 */
export function startRanking(page, store) {
  store.subscribe(() => {
    for (const vendor of store.result.vendors) {
      const row = /** @type {HTMLElement} */ (document.querySelector(`[data-vendor="${CSS.escape(vendor.id)}"]`));
      row.dataset.rank = vendor.rank === null ? "" : String(vendor.rank);
      row.dataset.score = vendor.score === null ? "" : String(vendor.score);
      /** @type {HTMLElement} */ (row.querySelector(".rank")).textContent = row.dataset.rank;
      /** @type {HTMLElement} */ (row.querySelector(".score")).textContent = (vendor.score ?? 0).toFixed(page.digits);
      row.parentElement?.append(row);
    }
    /** @type {HTMLElement} */ (document.getElementById("banner")).hidden = store.isAgreed;
  });
}
