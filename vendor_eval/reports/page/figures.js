// @ts-check
/** Figures as text, rounded as every other output rounds them. */

/**
 * Round half up, from the 15 digits that a spreadsheet shows.
 * @param {number|null|undefined} value
 * @param {number} [digits]
 */
export function numberText(value, digits = 1) {
  if (value === null || value === undefined) return "–";
  const [mantissa, exponent] = Math.abs(value).toPrecision(15).split("e");
  const shifted = Math.round(Number(`${mantissa}e${Number(exponent ?? 0) + digits}`));
  return `${value < 0 && shifted ? "-" : ""}${Number(`${shifted}e${-digits}`).toFixed(digits)}`;
}

/**
 * Print a difference with its sign, and with as many decimals as show that it is none.
 * @param {number} value
 * @param {number} [digits]
 */
export function differenceText(value, digits = 1) {
  while (digits < 9 && Math.abs(value) > 1e-9 && !Number(numberText(value, digits))) digits += 1;
  const text = numberText(Math.abs(value), digits);
  return Number(text) ? `${value < 0 ? "\u2212" : "+"}${text}` : "±0";
}

/**
 * Print an amount with thousands separators.
 * @param {number|null} value
 * @returns {string}
 */
export const moneyText = (value) => (value === null ? "–" : numberText(value, 0).replace(/\B(?=(\d{3})+$)/g, ","));

/**
 * @param {number} place
 * @returns {string} such as 2nd
 */
export function ordinalText(place) {
  const teen = Math.floor(place / 10) % 10 === 1;
  return `${place}${teen ? "th" : {1: "st", 2: "nd", 3: "rd"}[place % 10] ?? "th"}`;
}

/**
 * @param {number} count
 * @param {string} noun
 */
export const countText = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

/**
 * @param {string[]} words
 * @returns {string} such as "a, b and c"
 */
export const listText = (words) =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
