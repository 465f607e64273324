import DOMPurify from "/webjars/dompurify/dist/purify.es.mjs";
import { copy, create, symbol } from "./dom.js";
import { text } from "./texts.js";

const HIGHLIGHTED_CHARS_MAX = 50_000;
const SPANS = { ALLOWED_TAGS: ["span"], ALLOWED_ATTR: ["class"], RETURN_DOM_FRAGMENT: true };

function highlight(code, source, language) {
  const { hljs } = window;
  if (!hljs?.getLanguage(language) || source.length > HIGHLIGHTED_CHARS_MAX) {
    return;
  }
  const { value } = hljs.highlight(source, { language, ignoreIllegals: true });
  code.replaceChildren(DOMPurify.sanitize(value, SPANS));
}

/** Code with its language, colours and a button that copies it. */
export function codeBlock(source, language) {
  const code = create("code", { textContent: source });
  highlight(code, source, language);
  const button = create(
    "button",
    {
      type: "button",
      className: "act",
      attributes: { "aria-label": text("copy.code") },
      on: { click: () => copy(button, source, text("copied")) },
    },
    symbol("copy"),
    create("span", { textContent: text("copy") }),
  );
  const name = create("span", { textContent: language || text("code") });
  const frame = create("pre", { tabIndex: 0 }, code);
  return create("figure", { className: "code" }, create("figcaption", {}, name, button), frame);
}

/** Makes the code blocks within an element such ones. */
export function drawCode(root) {
  for (const code of root.querySelectorAll("pre > code")) {
    const language = [...code.classList].find((name) => name.startsWith("language-"));
    const source = code.textContent.replace(/\n$/, "");
    code.parentElement.replaceWith(codeBlock(source, language?.slice(9) ?? ""));
  }
}

/** A text that is JSON as a whole, laid out; null for any other. */
export function layOut(source) {
  if (!/^\s*[[{]/.test(source)) {
    return null;
  }
  try {
    return JSON.stringify(JSON.parse(source), null, 2);
  } catch {
    return null;
  }
}
