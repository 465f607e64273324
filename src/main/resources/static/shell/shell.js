import { themeToggles } from "./theme-toggle.js";

/** The token that every change needs, for the header X-CSRF-TOKEN. */
export function csrf() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

const TOAST_MILLIS = 5000;

/** A short message that goes away by itself; kind is info, good, warning or danger. */
export function toast(text, kind = "info") {
  const element = document.createElement("p");
  element.className = `toast ${kind}`;
  element.textContent = text;
  document.getElementById("toasts").append(element);
  setTimeout(() => element.remove(), TOAST_MILLIS);
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(source.value ?? source.textContent);
    button.textContent = button.dataset.done ?? label;
    button.dataset.copied = "";
    setTimeout(() => {
      button.textContent = label;
      delete button.dataset.copied;
    }, 2000);
  } catch {
    const range = document.createRange();
    range.selectNodeContents(source);
    getSelection().removeAllRanges();
    getSelection().addRange(range); // to be copied by keyboard
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button === null) {
    return;
  }
  if (button.dataset.copy) {
    copy(button);
  } else if (button.dataset.opens) {
    document.getElementById(button.dataset.opens).showModal();
  } else if ("closes" in button.dataset) {
    button.closest("dialog").close();
  }
});

document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRF-TOKEN"] = csrf();
});

// the place to come back to after a change of language, with its query
for (const here of document.querySelectorAll("[data-here]")) {
  here.value = location.pathname + location.search;
}
for (const dialog of document.querySelectorAll("dialog[data-open]")) {
  dialog.showModal();
}

// the bar at the side is a popover on narrow screens only
const side = document.getElementById("side");
if (side) {
  const wide = matchMedia("(min-width: 62rem)");
  const adapt = () => {
    if (wide.matches) {
      side.removeAttribute("popover");
    } else {
      side.setAttribute("popover", "auto");
    }
  };
  wide.addEventListener("change", adapt);
  adapt();
}
themeToggles();
