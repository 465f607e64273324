const SVG = "http://www.w3.org/2000/svg";

/** An element with its class, properties and content; strings become text, never markup. */
export function create(tag, options = {}, ...content) {
  const element = document.createElement(tag);
  const { attributes = {}, data = {}, on = {}, ...properties } = options;
  Object.assign(element, properties);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  Object.assign(element.dataset, data);
  Object.entries(on).forEach(([event, listener]) => element.addEventListener(event, listener));
  element.append(...content.filter((each) => each !== null));
  return element;
}

/** One of the shell's symbols. */
export function symbol(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "symbol");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/shell/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** A button that shows a symbol and is called by its label. */
export function iconButton(name, label, action, extra = {}) {
  return create(
    "button",
    {
      type: "button",
      className: "act",
      title: label,
      attributes: { "aria-label": label },
      on: { click: action },
      ...extra,
    },
    symbol(name),
  );
}

/** Copies a text, and says so on the button for a moment. */
export async function copy(button, what, done) {
  const before = button.getAttribute("aria-label");
  try {
    await navigator.clipboard.writeText(what);
  } catch {
    const field = create("textarea", { value: what, className: "visually-hidden" });
    document.body.append(field);
    field.select();
    document.execCommand("copy"); // where a page may not reach the clipboard by itself
    field.remove();
  }
  button.dataset.copied = "";
  button.setAttribute("aria-label", done);
  setTimeout(() => {
    delete button.dataset.copied;
    button.setAttribute("aria-label", before);
  }, 2000);
}
