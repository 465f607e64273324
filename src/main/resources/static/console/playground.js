import { stream } from "./chat.js";
import { curl } from "./curl.js";
import { explain } from "./errors.js";
import { Transcript } from "./transcript.js";

/** The form that sends a conversation and shows the answer as it comes. */
export function playground(form, texts, address) {
  const { model, temperature, tokens, message } = form.elements;
  const send = form.querySelector("[data-send]");
  const stop = form.querySelector("[data-stop]");
  const clear = form.querySelector("[data-clear]");
  const transcript = new Transcript(form, texts);
  const equivalent = document.getElementById("equivalent");
  let conversation = [];
  let running = null;

  function busy(controller) {
    running = controller;
    send.hidden = controller !== null;
    stop.hidden = controller === null;
    clear.disabled = controller !== null;
  }

  function request() {
    return {
      model: model.value,
      messages: conversation,
      temperature: temperature.valueAsNumber,
      max_tokens: tokens.valueAsNumber,
      stream: true,
    };
  }

  async function answer() {
    const controller = new AbortController();
    busy(controller);
    const turn = transcript.answer(model.value);
    let text = "";
    try {
      const chunks = stream(request(), controller.signal);
      for (;;) {
        const { done, value } = await chunks.next();
        if (done) {
          turn.finish(value);
          break;
        }
        text += value;
        turn.append(value);
      }
    } catch (error) {
      if (controller.signal.aborted) {
        turn.stopped();
      } else {
        turn.fail(explain(error, texts));
      }
    } finally {
      busy(null);
    }
    settle(text, turn);
  }

  /** An answer that never began leaves the question in the box, ready to be sent again. */
  function settle(text, turn) {
    if (text !== "") {
      conversation.push({ role: "assistant", content: text });
      return;
    }
    const question = conversation.pop();
    if (turn.failed && message.value === "") {
      message.value = question.content;
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = message.value.trim();
    if (running !== null || text === "" || !form.reportValidity()) {
      return;
    }
    conversation.push({ role: "user", content: text });
    transcript.question(text);
    equivalent.textContent = curl(address, request());
    equivalent.closest("details").hidden = false;
    message.value = "";
    answer();
  });
  message.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      running?.abort();
    }
  });
  stop.addEventListener("click", () => running?.abort());
  clear.addEventListener("click", () => {
    conversation = [];
    transcript.clear();
    equivalent.closest("details").hidden = true;
    message.focus();
  });
}
