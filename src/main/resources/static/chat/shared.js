import * as api from "./api.js";
import { Thread } from "./thread.js";
import { Tree } from "./tree.js";

const page = document.getElementById("main");
const opened = await api.get(`/chat/api/shared/${document.body.dataset.share}`).catch((failure) => {
  page.querySelector("[data-problem]").textContent = failure.message;
  page.querySelector("[data-problem]").hidden = false;
  return null;
});
if (opened) {
  const thread = new Thread(page.querySelector("[data-thread]"), page, {});
  thread.show(new Tree(opened.messages, opened.messages.at(-1)?.id ?? null));
}
page.dataset.state = "ready";
