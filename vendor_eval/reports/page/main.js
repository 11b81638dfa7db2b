// @ts-check
/** The page comes alive: controls change the state, and what shows it is drawn anew. */
import {createStore} from "./state.js";
import {startBanner} from "./banner.js";
import {startRanking} from "./ranking.js";
import {startHeat} from "./heat.js";
import {startWeights} from "./weights.js";
import {startWhatIf} from "./whatif.js";
import {startDetail} from "./detail.js";
import {startCompare} from "./compare.js";
import {startSearch} from "./search.js";

/** @type {import("./arithmetic.js").PageData} */
const page = JSON.parse(document.getElementById("data")?.textContent ?? "{}");
const PARTS = [
  startBanner, startRanking, startHeat, startWeights, startWhatIf, startDetail, startCompare, startSearch,
];

if (page.arithmetic) {
  document.documentElement.classList.add("live");
  const store = createStore(page.arithmetic);
  for (const startPart of PARTS) startPart(page, store);
}

// The address holds the state: a link inside the page scrolls, and leaves the address alone.
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[href^='#']") : null;
  const target = link && document.getElementById(link.getAttribute("href")?.slice(1) ?? "");
  if (!target) return;
  event.preventDefault();
  target.tabIndex = -1;
  target.focus({preventScroll: true});
  target.scrollIntoView();
});
