import { text } from "./texts.js";

const REMEMBERED = "galerne.chat.model";
const REMEMBERED_WORKSPACE = "galerne.chat.workspace";

function remembered(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // storage may be forbidden
  }
}

function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // not remembered; the choice still holds for this page
  }
}

/** Which model answers, and how. */
export class Options {
  constructor(form) {
    this.form = form;
    this.model = form.elements.model;
    this.advanced = document.getElementById("advanced");
    this.about = document.querySelector("[data-about-model]");
    this.fields = Object.fromEntries(
      ["temperature", "seed", "system", "format", "tools", "answerTokens"].map((name) => [
        name,
        this.advanced.querySelector(`[name=${name}]`),
      ]),
    );
    this.model.addEventListener("change", () => {
      this.#describe();
      remember(REMEMBERED, this.model.value);
    });
    this.workspace = form.elements.workspace; // only there where there is a choice
    const used = remembered(REMEMBERED_WORKSPACE);
    if (this.workspace && [...this.workspace.options].some((option) => option.value === used)) {
      this.workspace.value = used;
    }
    this.workspace?.addEventListener("change", () =>
      remember(REMEMBERED_WORKSPACE, this.workspace.value),
    );
    for (const field of Object.values(this.fields)) {
      field.addEventListener("input", () => this.#describe());
    }
    this.reset();
  }

  /** As a new conversation has them. */
  reset() {
    const model = remembered(REMEMBERED);
    this.take({ model, temperature: null, seed: null, system: "", format: "text", tools: "", answerTokens: null });
  }

  /** As a conversation has them. */
  take({ model, temperature, seed, system, format, tools, answerTokens }) {
    const offered = [...this.model.options].some((option) => option.value === model);
    this.model.value = offered ? model : this.model.options[0]?.value;
    this.fields.temperature.value = temperature ?? "";
    this.fields.seed.value = seed ?? "";
    this.fields.answerTokens.value = answerTokens ?? "";
    this.fields.system.value = system;
    this.fields.format.value = format;
    this.fields.tools.value = tools;
    this.#describe();
  }

  /** What goes with a question. */
  values() {
    const { temperature, seed, system, format, tools, answerTokens } = this.fields;
    return {
      model: this.model.value,
      workspace: this.workspace?.value ?? null,
      temperature: temperature.value === "" ? null : Number(temperature.value),
      seed: seed.value === "" ? null : Number(seed.value),
      system: system.value.trim(),
      format: format.value,
      tools: tools.value.trim(),
      answerTokens: answerTokens.value === "" ? null : Number(answerTokens.value),
    };
  }

  /** Shows the field that is at fault. */
  reveal(field) {
    this.fields[field]?.closest("dialog")?.showModal();
    this.fields[field]?.focus();
  }

  #describe() {
    const chosen = this.model.selectedOptions[0];
    this.about.textContent = chosen?.dataset.weights ?? "";
    this.model.title = chosen?.title ?? "";
    const changed = Object.entries(this.fields).filter(
      ([name, field]) => field.value.trim() !== (name === "format" ? "text" : ""),
    ).length;
    const button = this.form.querySelector("[data-opens=advanced]");
    button.toggleAttribute("data-changed", changed > 0);
    button.setAttribute(
      "aria-label",
      changed > 0 ? text("advanced.changed", changed) : text("advanced"),
    );
  }
}
