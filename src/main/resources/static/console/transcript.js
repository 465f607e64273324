/** The conversation as shown. Texts are set as text, never as markup. */
export class Transcript {
  constructor(form, texts) {
    this.log = form.querySelector("[data-log]");
    this.empty = form.querySelector("[data-empty]");
    this.status = form.querySelector("[data-status]");
    this.texts = texts;
  }

  question(text) {
    this.empty.hidden = true;
    const turn = this.#turn("question", this.texts.you);
    turn.body.textContent = text;
    turn.element.scrollIntoView({ block: "nearest" });
  }

  answer(model) {
    const { element, body } = this.#turn("answer", model);
    this.log.setAttribute("aria-busy", "true");
    this.#say(this.texts.statusConnecting);
    element.dataset.state = "waiting";
    return new Answer(this, element, body);
  }

  clear() {
    this.log.replaceChildren();
    this.empty.hidden = false;
    this.#say("");
  }

  ended(text) {
    this.log.setAttribute("aria-busy", "false");
    this.#say(text);
  }

  streaming() {
    this.#say(this.texts.statusStreaming);
  }

  follow() {
    this.log.scrollTop = this.log.scrollHeight;
  }

  #say(text) {
    this.status.textContent = text;
  }

  #turn(kind, speaker) {
    const element = create("article", kind);
    const body = create("p", "body");
    element.append(create("h3", "speaker", speaker), body);
    this.log.append(element);
    this.follow();
    return { element, body };
  }
}

class Answer {
  failed = false;

  constructor(transcript, element, body) {
    this.transcript = transcript;
    this.element = element;
    this.body = body;
  }

  append(text) {
    if (this.element.dataset.state === "waiting") {
      this.element.dataset.state = "streaming";
      this.transcript.streaming();
    }
    this.body.append(text);
    this.transcript.follow();
  }

  finish(measured) {
    const { texts } = this.transcript;
    this.#figures(measured);
    const status = { length: texts.statusLength, model_length: texts.statusContext };
    this.#end("done", status[measured.finishReason] ?? texts.statusDone);
    if (measured.finishReason in status) {
      this.#note("note", status[measured.finishReason]);
    }
  }

  stopped() {
    const { texts } = this.transcript;
    this.#note("note", texts.statusStopped);
    this.#end("stopped", texts.statusStopped);
  }

  fail(reason) {
    this.failed = true;
    this.#note("problem", reason);
    this.#end("failed", reason);
  }

  #figures({ promptTokens, completionTokens, firstTokenMillis, tokensPerSecond }) {
    const { texts } = this.transcript;
    const figures = [
      [promptTokens, texts.measurePrompt],
      [completionTokens, texts.measureCompletion],
      [firstTokenMillis === null ? null : `${firstTokenMillis.toFixed(0)} ms`, texts.measureFirst],
      [tokensPerSecond === null ? null : tokensPerSecond.toFixed(1), texts.measureRate],
    ];
    const list = create("ul", "measured");
    list.title = texts.measured;
    for (const [value, label] of figures.filter(([value]) => value !== null)) {
      const item = create("li");
      item.append(create("b", "", String(value)), ` ${label}`);
      list.append(item);
    }
    this.element.append(list);
  }

  #note(kind, text) {
    this.element.append(create("p", kind, text));
  }

  #end(state, status) {
    this.element.dataset.state = state;
    if (this.body.textContent === "") {
      this.body.remove();
    }
    this.transcript.ended(status);
    this.transcript.follow();
  }
}

function create(tag, className = "", text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}
