// What is set on the page goes into its address and comes back; figures are printed as Python prints them.
import assert from "node:assert/strict";
import {test} from "node:test";
import {moveWeight, setWeights} from "../vendor_eval/reports/page/arithmetic.js";
import {differenceText, listText, moneyText, numberText, ordinalText} from "../vendor_eval/reports/page/figures.js";
import {addressOf, stateOf} from "../vendor_eval/reports/page/state.js";

const data = {
  categories: {ids: ["maturity", "security", "ethics", "notes"], titles: [], weights: [32, 17.6, 30.4, null]},
  price: {weight: 20, rule: "lowest_ratio"},
  vendors: {ids: ["brenovik", "søndre/lab:2"]},
  questions: {ids: ["GEN-07", "SEC-01"]},
  without: {adler: {}},
};
const agreed = stateOf(data, "").state;

function comesBack(state, pinned = []) {
  const read = stateOf(data, addressOf(data, {state, pinned}));
  assert.deepEqual(read.unknown, []);
  assert.deepEqual(read.pinned, pinned);
  assert.deepEqual({...read.state, weights: null}, {...state, weights: null});
  for (const [name, points] of Object.entries(state.weights)) {
    assert.ok(Math.abs(read.state.weights[name] - points) < 1e-7, `${name}: ${read.state.weights[name]}, not ${points}`);
  }
}

test("what is agreed has an empty address", () => {
  assert.equal(addressOf(data, {state: agreed, pinned: []}), "");
  comesBack(agreed);
});

test("an address that was escaped once more on its way is read", () => {
  const set = {"søndre/lab:2/GEN-07": "best"}, weights = setWeights(agreed.weights, {security: 40}, agreed.weights);
  const address = addressOf(data, {state: {...agreed, weights, set}, pinned: []});
  assert.deepEqual(stateOf(data, encodeURIComponent(address)), stateOf(data, address));
  assert.deepEqual(stateOf(data, "w=security%3A40%2Cprice%3A20"), stateOf(data, "w=security:40,price:20"));
});

test("an address names the weights that were moved, as people would write it", () => {
  const weights = setWeights(agreed.weights, {security: 40, price: 20}, agreed.weights);
  const set = {"brenovik/GEN-07": "best"};
  const address = addressOf(data, {state: {...agreed, weights, set}, pinned: []});
  assert.equal(address, "w=security:40,price:20&set=brenovik/GEN-07:best");
  assert.deepEqual(stateOf(data, address).state.weights, weights);
});

test("everything that can be set comes back, hostile ids too", () => {
  comesBack({
    weights: agreed.weights, set: {"søndre/lab:2/SEC-01": "failed", "brenovik/GEN-07": "proven"},
    rule: "quality_per_price", prices: {"søndre/lab:2": 1234.5}, out: ["brenovik", "søndre/lab:2"], without: "adler",
  }, ["security", "price"]);
});

test("weights come back whatever was moved, to nothing and to all too", () => {
  let weights = agreed.weights, seed = 17;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let at = 0; at < 500; at += 1) {
    const names = Object.keys(weights), name = names[Math.floor(random() * names.length)];
    weights = moveWeight(weights, name, [0, 100, random() * 100, random() * 100][at % 4], [], agreed.weights);
    comesBack({...agreed, weights});
  }
});

test("what an address names and nobody knows is told, and sets nothing", () => {
  const address = "w=nobody:40,security:900&set=brenovik/GEN-99:best,brenovik/GEN-07:maybe&rule=cheapest&out=x&y=1&%E0";
  const {state, unknown} = stateOf(data, address);
  assert.deepEqual(state, agreed);
  assert.equal(unknown.length, 8);
});

test("figures are printed as in every other output", () => {
  assert.deepEqual([83.25, null, 1.005, -0.04, 17.6].map((value) => numberText(value)), ["83.3", "–", "1.0", "0.0", "17.6"]);
  assert.equal(numberText(1.005, 2), "1.01");
  assert.deepEqual([0.3, -2, 0.004, 0].map((value) => differenceText(value)), ["+0.3", "−2.0", "+0.004", "±0"]);
  assert.deepEqual([1094000, 999, null].map(moneyText), ["1,094,000", "999", "–"]);
  assert.deepEqual([1, 2, 3, 11, 22].map(ordinalText), ["1st", "2nd", "3rd", "11th", "22nd"]);
  assert.equal(listText(["a", "b", "c"]), "a, b and c");
});
