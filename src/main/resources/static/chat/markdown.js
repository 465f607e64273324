import DOMPurify from "/webjars/dompurify/dist/purify.es.mjs";
import { Marked } from "/webjars/marked/lib/marked.esm.js";
import { drawCode } from "./code.js";
import { drawMath, mathExtensions } from "./math.js";
import { text } from "./texts.js";

const TAGS = [
  "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li",
  "ol", "p", "pre", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
];
const RULES = {
  ALLOWED_TAGS: TAGS,
  ALLOWED_ATTR: ["class", "href", "start"],
  ALLOWED_URI_REGEXP: /^(?:https?:\/\/|mailto:)/i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};
const TEXT_CHARS_MAX = 400_000;

const escape = (source) =>
  source
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");

const marked = new Marked({
  gfm: true,
  breaks: false,
  extensions: mathExtensions,
  renderer: {
    // markup is shown, not obeyed
    html: ({ text: source }) => escape(source),
    // nothing is fetched because a model says so
    image: ({ href, text: alternative }) =>
      `<a href="${escape(href)}">${escape(alternative || text("image"))}</a>`,
    checkbox: ({ checked }) => (checked ? "☑ " : "☐ "),
    code: ({ text: source, lang }) =>
      `<pre><code class="language-${escape((lang ?? "").split(/\s/)[0])}">${escape(source)}</code></pre>`,
  },
});

function describeLinks(root) {
  for (const link of root.querySelectorAll("a")) {
    const href = link.getAttribute("href");
    if (href === null) {
      link.replaceWith(...link.childNodes);
      continue;
    }
    const target = new URL(href);
    link.rel = "noopener noreferrer nofollow";
    link.target = "_blank";
    link.title = href;
    const where = target.protocol === "mailto:" ? target.pathname : target.host;
    if (!link.textContent.includes(where)) {
      const host = document.createElement("span");
      host.className = "host";
      host.textContent = ` (${where})`;
      link.after(host);
    }
  }
}

/** Tables scroll by themselves, and can be reached by keyboard for that. */
function wrapTables(root) {
  for (const table of root.querySelectorAll("table")) {
    const frame = document.createElement("div");
    frame.className = "table-frame";
    frame.tabIndex = 0;
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", text("table"));
    table.replaceWith(frame);
    frame.append(table);
  }
}

/** Shows Markdown from anywhere in an element: formatted, and unable to do anything. */
export function showMarkdown(element, source) {
  const html = marked.parse(source.slice(0, TEXT_CHARS_MAX));
  const fragment = DOMPurify.sanitize(html, RULES);
  describeLinks(fragment);
  wrapTables(fragment);
  drawCode(fragment);
  drawMath(fragment);
  element.replaceChildren(fragment);
}
