import { csrf, toast } from "/shell/shell.js";

const LINES_MAX = 5000; // a longer text is edited without marks beside its lines

/** Numbers the lines of the text and says beside each what is wrong with it. */
function editor(frame) {
  const text = frame.querySelector("textarea");
  const gutter = document.createElement("div");
  const mirror = document.createElement("div");
  gutter.className = "gutter";
  mirror.className = "mirror";
  for (const layer of [gutter, mirror]) {
    layer.setAttribute("aria-hidden", "true");
  }
  frame.prepend(gutter, mirror);

  function problems() {
    const found = new Map();
    for (const item of document.querySelectorAll("#issues [data-line]")) {
      const line = Number(item.dataset.line);
      found.set(line, [...(found.get(line) ?? []), item.dataset.message]);
    }
    return found;
  }

  function draw() {
    const lines = text.value.split("\n");
    const wrong = problems();
    gutter.replaceChildren();
    mirror.replaceChildren();
    if (lines.length > LINES_MAX) {
      return;
    }
    lines.forEach((content, i) => {
      const number = document.createElement("span");
      const line = document.createElement("span");
      number.textContent = i + 1;
      line.textContent = content;
      const messages = wrong.get(i + 1);
      if (messages) {
        number.className = line.className = "wrong";
        line.dataset.message = messages.join(" · ");
      }
      gutter.append(number);
      mirror.append(line);
    });
    scroll();
  }

  function scroll() {
    gutter.scrollTop = text.scrollTop;
    mirror.scrollTop = text.scrollTop;
    mirror.scrollLeft = text.scrollLeft;
  }

  function fit() {
    gutter.style.height = mirror.style.height = `${text.clientHeight}px`;
    scroll();
  }

  function goTo(line) {
    const before = text.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    const end = text.value.indexOf("\n", before);
    text.focus();
    text.setSelectionRange(before, end < 0 ? text.value.length : end);
    text.scrollTop = Math.max(0, (line - 5) * parseFloat(getComputedStyle(text).lineHeight));
  }

  text.addEventListener("input", draw);
  text.addEventListener("scroll", scroll);
  new ResizeObserver(fit).observe(text);
  document.addEventListener("htmx:afterSwap", (event) => event.target.id === "issues" && draw());
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-goto]");
    if (button) {
      goTo(Number(button.dataset.goto));
    }
  });
  draw();
  return text;
}

/** Writes the policy in the other notation, as long as it is one. */
async function rewrite(text, notation) {
  const answer = await fetch("/console/policies/written", {
    method: "POST",
    headers: { "X-CSRF-TOKEN": csrf() },
    body: new URLSearchParams({ text: text.value, as: notation }),
  });
  if (answer.ok) {
    text.value = await answer.text();
    text.dispatchEvent(new Event("input", { bubbles: true }));
  } else {
    toast(document.querySelector("#issues").textContent.trim().split("\n")[0], "danger");
  }
}

const text = editor(document.querySelector("[data-editor]"));
for (const button of document.querySelectorAll("[data-written]")) {
  button.addEventListener("click", () => rewrite(text, button.dataset.written));
}

// of the fields for kinds of scopes, the one of the chosen kind
const scope = document.querySelector("[data-scope]");
function showScope() {
  for (const field of document.querySelectorAll("[data-of]")) {
    field.hidden = field.dataset.of !== scope.value;
  }
}
scope?.addEventListener("change", showScope);
scope && showScope();

// texts are asked for where they are to be given
const given = document.querySelector("[data-given]");
function showGiven() {
  given.hidden = document.querySelector("[data-source]:checked").value !== "given";
}
for (const source of document.querySelectorAll("[data-source]")) {
  source.addEventListener("change", showGiven);
}
given && showGiven();
