// @ts-check
/** The page comes alive: controls change the state, and what shows it is drawn anew. */
import {createStore} from "./state.js";
import {startRanking} from "./ranking.js";
import {startWeights} from "./weights.js";
import {startWhatIf} from "./whatif.js";
import {startDetail} from "./detail.js";
import {startCompare} from "./compare.js";
import {startSearch} from "./search.js";

/** @type {import("./arithmetic.js").PageData} */
const page = JSON.parse(document.getElementById("data")?.textContent ?? "{}");

if (page.arithmetic) {
  const store = createStore(page.arithmetic);
  for (const startPart of [startRanking, startWeights, startWhatIf, startDetail, startCompare, startSearch]) {
    startPart(page, store);
  }
}
