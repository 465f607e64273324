import { codeBlock, layOut } from "./code.js";
import { copy, create, iconButton, symbol } from "./dom.js";
import { showMarkdown } from "./markdown.js";
import { date, number, price, text } from "./texts.js";

const NOTES = {
  STOPPED: "state.stopped",
  LENGTH: "state.length",
  CONTEXT: "state.context",
  BUDGET: "state.budget",
};

/**
 * One message as it is shown.
 * @param actions what its buttons do: edit, retry, repeat, branch, result; absent for readers
 */
export class MessageElement {
  constructor(message, siblings, actions) {
    this.message = message;
    this.actions = actions;
    this.body = create("div", { className: "body" });
    this.foot = create("div", { className: "foot" });
    const speaker = message.role === "assistant" ? "speaker.model" : `speaker.${message.role}`;
    this.element = create(
      "li",
      { className: `turn ${message.role}`, data: { state: message.state, id: message.id } },
      create("h3", { className: "visually-hidden", textContent: text(speaker) }),
      this.body,
      this.foot,
    );
    this.show(message, siblings);
  }

  /** Shows the message as it is now. */
  show(message, siblings) {
    this.message = message;
    this.siblings = siblings.length;
    this.drawn = message.state;
    this.element.dataset.state = message.state;
    this.#body();
    this.foot.replaceChildren();
    if (message.state !== "STREAMING") {
      this.#notes();
      this.#foot(siblings);
    }
  }

  isOutdated(message, siblings) {
    return (
      this.message !== message || this.siblings !== siblings.length || this.drawn !== message.state
    );
  }

  /** More of an answer; drawn with the next frame. */
  append(more) {
    this.message.text += more;
    this.drawing ??= requestAnimationFrame(() => {
      this.drawing = undefined;
      if (this.element.dataset.state === "STREAMING") {
        showMarkdown(this.body, this.message.text);
      }
    });
  }

  #body() {
    const { role, text: said, toolCalls, toolName } = this.message;
    if (role === "user") {
      this.body.textContent = said;
    } else if (role === "tool") {
      const laidOut = layOut(said);
      this.body.replaceChildren(
        create("p", { className: "small muted", textContent: text("tool.result", toolName ?? "") }),
        codeBlock(laidOut ?? said, laidOut === null ? "" : "json"),
      );
    } else {
      const laidOut = layOut(said);
      if (laidOut === null) {
        showMarkdown(this.body, said);
      } else {
        this.body.replaceChildren(codeBlock(laidOut, "json"));
      }
      toolCalls.forEach((call) => this.body.append(this.#call(call)));
    }
  }

  #call({ id, name, arguments: given }) {
    const card = create(
      "section",
      { className: "call", attributes: { "aria-label": text("tool.call", name) } },
      create("h4", {}, symbol("settings"), text("tool.call", name)),
      codeBlock(layOut(given) ?? given, "json"),
    );
    if (this.actions.result) {
      const field = create("textarea", {
        rows: 2,
        attributes: { "aria-label": text("tool.result", name), placeholder: text("tool.give") },
      });
      const send = create("button", {
        type: "button",
        className: "quiet small",
        textContent: text("tool.send"),
        on: { click: () => field.value.trim() && this.actions.result(this.message, id, field.value) },
      });
      card.append(create("div", { className: "result" }, field, send));
    }
    return card;
  }

  #notes() {
    const { state, note, leftOut } = this.message;
    if (leftOut > 0) {
      this.foot.append(create("p", { className: "aside", textContent: text("left-out", leftOut) }));
    }
    const words = note || (NOTES[state] ? text(NOTES[state]) : "");
    if (words) {
      const kind = { REFUSED: "warning", CUT: "warning", FAILED: "danger" }[state] ?? "info";
      this.foot.append(
        create("div", { className: `note ${kind}` }, symbol(kind), create("p", { textContent: words })),
      );
    }
  }

  #foot(siblings) {
    const { message, actions } = this;
    const row = create("div", { className: "acts" });
    if (siblings.length > 1) {
      row.append(this.#branches(siblings));
    }
    if (message.text) {
      const button = iconButton("copy", text("copy"), () => copy(button, message.text, text("copied")));
      row.append(button);
    }
    if (message.role === "user" && actions.edit) {
      row.append(iconButton("edit", text("edit"), () => actions.edit(this)));
    }
    if (message.role === "assistant" && actions.retry) {
      row.append(iconButton("retry", text("retry"), () => actions.retry(message, false)));
      row.append(this.#details(true));
    } else if (message.role === "assistant") {
      row.append(this.#details(false));
    }
    this.foot.append(row);
  }

  #branches(siblings) {
    const at = siblings.findIndex((each) => each.id === this.message.id);
    const step = (by, label, name) =>
      create("button", {
        type: "button",
        className: "act",
        textContent: name,
        disabled: siblings[at + by] === undefined || !this.actions.branch,
        attributes: { "aria-label": label },
        on: { click: () => this.actions.branch(siblings[at + by]) },
      });
    const place = create("span", {
      className: "number",
      textContent: `${at + 1}/${siblings.length}`,
      attributes: { "aria-label": text("branch", at + 1, siblings.length) },
    });
    return create(
      "span",
      { className: "branches", attributes: { role: "group", "aria-label": text("branches") } },
      step(-1, text("branch.before"), "‹"),
      place,
      step(1, text("branch.after"), "›"),
    );
  }

  #details(mayRepeat) {
    const { message } = this;
    const tokens = message.completionTokens;
    const parts = [message.model];
    if (tokens !== null) {
      parts.push(text("tokens", number(tokens)), price(message.cost));
    }
    const facts = create("dl", { className: "facts" });
    const fact = (key, value) => {
      if (value !== null && value !== undefined) {
        facts.append(
          create("div", {}, create("dt", { textContent: text(key) }), create("dd", { textContent: value })),
        );
      }
    };
    fact("fact.model", message.model);
    fact("fact.prompt", tokens === null ? null : number(message.promptTokens));
    fact("fact.answer", tokens === null ? null : number(tokens));
    fact("fact.cost", tokens === null ? null : price(message.cost));
    fact("fact.temperature", message.temperature === null ? text("fact.own") : message.temperature);
    fact("fact.seed", message.seed);
    fact("fact.time", date(message.createdAt));
    const box = create("details", { className: "usage" });
    const body = create("div", { className: "facts-box" }, facts);
    if (mayRepeat) {
      body.append(
        create("button", {
          type: "button",
          className: "quiet small wide",
          textContent: text("repeat"),
          on: { click: () => this.actions.retry(message, true) },
        }),
      );
    }
    box.append(create("summary", { textContent: parts.join(" · ") }), body);
    return box;
  }
}
