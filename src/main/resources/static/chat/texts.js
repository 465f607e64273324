const texts = new Map(
  [...document.querySelectorAll("#texts data")].map((entry) => [entry.value, entry.textContent]),
);

export const language = document.documentElement.lang || "en";
const plurals = new Intl.PluralRules(language);

/**
 * A text in the reader's language; values take the places {0}, {1} and so on. One that counts may
 * have another form under KEY.one.
 */
export function text(key, ...values) {
  const counted = values.length === 1 ? Number(values[0]) : NaN;
  const one = !Number.isNaN(counted) && plurals.select(counted) === "one";
  const found = (one ? texts.get(`${key}.one`) : undefined) ?? texts.get(key) ?? key;
  return values.reduce((filled, value, i) => filled.replaceAll(`{${i}}`, String(value)), found);
}

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
