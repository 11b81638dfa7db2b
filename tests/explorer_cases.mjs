// Rank every case of a file with the arithmetic of the page, and hold it against what Python says.
import {readFileSync} from "node:fs";
import {agreedState, contributions, evaluate} from "../vendor_eval/reports/page/arithmetic.js";

const {data, cases} = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const faults = [];
let largest = 0, figures = 0;

function compare(mine, python, place) {
  if (typeof python === "number" && typeof mine === "number") {
    figures += 1;
    largest = Math.max(largest, Math.abs(mine - python));
    if (!(Math.abs(mine - python) <= 1e-9)) faults.push(`${place}: ${mine}, not ${python}`);
  } else if (python !== null && typeof python === "object") {
    if (Array.isArray(python) && mine?.length !== python.length) faults.push(`${place}: ${mine}, not ${python}`);
    else for (const key of Object.keys(python)) compare(mine?.[key], python[key], `${place} ${key}`);
  } else if (mine !== python) faults.push(`${place}: ${mine}, not ${python}`);
}

cases.forEach(({state, expected}, at) => {
  const {vendors, ranking, shortlist} = evaluate(data, state ?? agreedState(data));
  const whole = vendors.map((vendor) => ({...vendor, contributions: contributions(data, vendor)}));
  const byId = Object.fromEntries(whole.map((vendor) => [vendor.id, vendor]));
  compare({vendors: byId, ranking, shortlist, count: vendors.length}, expected, `case ${at} ${JSON.stringify(state)}`);
});
console.log(JSON.stringify({cases: cases.length, figures, largest, faults: faults.slice(0, 20)}));
