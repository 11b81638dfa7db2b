// Weights as they are moved: what stays, what gives way.
import {strict as assert} from "node:assert";
import {test} from "node:test";
import {moveWeight, setWeights} from "../vendor_eval/reports/page/arithmetic.js";

const agreed = {platform: 24, labor: 38.4, security: 17.6, price: 20};
const near = (mine, expected) => {
  for (const [name, points] of Object.entries(expected)) {
    assert.ok(Math.abs(mine[name] - points) < 1e-9, JSON.stringify(mine));
  }
};
const move = (name, points, pinned = [], before = agreed) => moveWeight(before, name, points, pinned, agreed);
const whole = (weights) => Object.values(weights).reduce((a, b) => a + b, 0);

test("moving one keeps the proportions of all others, price included", () => {
  const moved = move("security", 40);
  near(moved, {security: 40, platform: (24 * 60) / 82.4, labor: (38.4 * 60) / 82.4, price: (20 * 60) / 82.4});
});
test("pinned ones stay, and the moved one stops where they leave nothing", () => {
  near(move("security", 50, ["price"]), {security: 50, price: 20, platform: 30 * (24 / 62.4)});
  near(move("security", 90, ["price"]), {security: 80, price: 20, platform: 0, labor: 0});
  near(move("security", 50, ["price", "platform", "labor"]), agreed);
});
test("all on one and back gives the agreed proportions again", () => {
  const all = move("price", 100);
  near(all, {price: 100, security: 0, labor: 0, platform: 0});
  near(move("price", 20, [], all), agreed);
  near(move("price", 0, [], all), {price: 0, security: 22, labor: 48, platform: 30});
});
test("every move adds up to 100 and stays within 0 and 100", () => {
  let weights = agreed;
  for (let n = 0; n < 500; n++) {
    const names = Object.keys(weights), name = names[n % names.length];
    weights = move(name, ((n * 37) % 121) - 10, n % 3 ? [] : [names[(n + 1) % 4]], weights);
    assert.ok(Math.abs(whole(weights) - 100) < 1e-9);
    for (const points of Object.values(weights)) assert.ok(points >= 0 && points <= 100);
  }
});
test("listed weights are set, the rest share what is left", () => {
  near(setWeights(agreed, {security: 40, price: 20}, agreed), {security: 40, price: 20, platform: 40 * (24 / 62.4)});
  near(setWeights(agreed, {security: 80, price: 80}, agreed), {security: 50, price: 50, platform: 0, labor: 0});
  near(setWeights(agreed, {platform: 1, labor: 1, security: 1, price: 1}, agreed), {platform: 25, price: 25});
});
