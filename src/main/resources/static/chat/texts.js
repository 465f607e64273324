const texts = new Map(
  [...document.querySelectorAll("#texts data")].map((entry) => [entry.value, entry.textContent]),
);

/** A text in the reader's language; values take the places {0}, {1} and so on. */
export function text(key, ...values) {
  const found = texts.get(key) ?? key;
  return values.reduce((filled, value, i) => filled.replaceAll(`{${i}}`, String(value)), found);
}

export const language = document.documentElement.lang || "en";
const currency = document.body.dataset.currency || "EUR";
const numbers = new Intl.NumberFormat(language);
const prices = new Intl.NumberFormat(language, {
  style: "currency",
  currency,
  minimumFractionDigits: 2,
  maximumFractionDigits: 6,
});
const dates = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });

export const number = (value) => numbers.format(value);
export const price = (value) => prices.format(value);
export const date = (value) => dates.format(new Date(value));
