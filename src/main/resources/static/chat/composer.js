import { text } from "./texts.js";

/** The field for questions. It grows with its text; Enter sends, Escape stops. */
export class Composer {
  /** @param on what happens: send(text), stop(), cancel() of an edit */
  constructor(form, on) {
    this.form = form;
    this.field = form.querySelector("textarea");
    this.sendButton = form.querySelector("[data-send]");
    this.stopButton = form.querySelector("[data-stop]");
    this.editing = form.querySelector("[data-editing]");
    this.problem = form.querySelector("[data-problem]");
    this.busy = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const words = this.field.value.trim();
      if (words !== "" && !this.busy) {
        on.send(words);
      }
    });
    this.field.addEventListener("input", () => this.#fit());
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    this.stopButton.addEventListener("click", on.stop);
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || document.querySelector("dialog[open], [popover]:popover-open")) {
        return;
      }
      if (this.busy) {
        on.stop();
      } else if (!this.editing.hidden) {
        on.cancel();
      }
    });
    form.querySelector("[data-cancel]").addEventListener("click", on.cancel);
  }

  get value() {
    return this.field.value;
  }

  set value(words) {
    this.field.value = words;
    this.#fit();
  }

  setBusy(busy) {
    this.busy = busy;
    this.sendButton.hidden = busy;
    this.stopButton.hidden = !busy;
  }

  /** Shows that the next question takes the place of an old one. */
  setEditing(editing) {
    this.editing.hidden = !editing;
    this.sendButton.setAttribute("aria-label", text(editing ? "send.edited" : "send"));
  }

  explain(message) {
    this.problem.textContent = message;
    this.problem.hidden = message === "";
  }

  focus() {
    this.field.focus();
  }

  #fit() {
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight}px`;
    this.sendButton.disabled = this.field.value.trim() === "";
  }
}
