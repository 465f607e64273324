import katex from "/webjars/katex/dist/katex.mjs";

// What opens a formula, and what closes it; a dollar alone is money more often than mathematics.
const BLOCK = /^(?:\$\$([^$]+?)\$\$|\\\[([\s\S]+?)\\\])(?:\n|$)/;
const INLINE = /^(?:\$\$([^$\n]+?)\$\$|\\\(([^\n]+?)\\\)|\$(?!\s)((?:\\\$|[^$\n])+?)(?<!\s)\$(?!\d))/;
const SIZE_MAX_EM = 20;
const EXPANSIONS_MAX = 200;

// where the text before a formula ends; a block begins its line
const STARTS = { block: /(?<=^|\n)(?:\$\$|\\\[)/, inline: /\$|\\\(/ };

function start(level) {
  return (source) => {
    const at = source.search(STARTS[level]);
    return at < 0 ? undefined : at;
  };
}

function tokenize(level, pattern) {
  return (source) => {
    const match = pattern.exec(source);
    if (!match) {
      return undefined;
    }
    const formula = match.slice(1).find((group) => group !== undefined);
    const display = level === "block" || match[1] !== undefined;
    return { type: `${level}Math`, raw: match[0], formula: formula.trim(), display };
  };
}

const escape = (text) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const renderer = ({ formula, display }) =>
  `<span class="math${display ? " display" : ""}">${escape(formula)}</span>`;

/** Lets marked leave formulas alone; they are drawn when the rest is on the page. */
export const mathExtensions = ["block", "inline"].map((level) => ({
  name: `${level}Math`,
  level,
  start: start(level),
  tokenizer: tokenize(level, level === "block" ? BLOCK : INLINE),
  renderer,
}));

/** Draws the formulas within an element. What is wrong stays as it was written. */
export function drawMath(root) {
  for (const place of root.querySelectorAll("span.math")) {
    const formula = place.textContent;
    try {
      katex.render(formula, place, {
        displayMode: place.classList.contains("display"),
        throwOnError: true,
        trust: false,
        strict: "ignore",
        maxSize: SIZE_MAX_EM,
        maxExpand: EXPANSIONS_MAX,
      });
    } catch {
      place.textContent = formula;
      place.classList.add("raw");
    }
  }
}
