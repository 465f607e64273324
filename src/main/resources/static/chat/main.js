import { toast } from "/shell/shell.js";
import * as api from "./api.js";
import { Composer } from "./composer.js";
import * as dialogs from "./dialogs.js";
import { create } from "./dom.js";
import { History } from "./history.js";
import { Options } from "./options.js";
import { text } from "./texts.js";
import { Thread } from "./thread.js";
import { Tree } from "./tree.js";

const WATCH_EVERY_MILLIS = 1500;
const TITLE_CHARS_MAX = 120;
const PATH = "/chat/c/";

const page = document.getElementById("main");
const side = document.getElementById("side");
const status = document.querySelector("[data-status]");
const home = document.body.dataset.home;
let conversation = null;
let tree = new Tree();
let running = null;
let editing = null;

const options = new Options(document.getElementById("composer"));
const composer = new Composer(document.getElementById("composer"), {
  send: (words) => (editing ? send(words, editing.message.parent) : send(words, tree.head)),
  stop,
  cancel: () => edit(null),
});
const thread = new Thread(page.querySelector("[data-thread]"), page.querySelector(".scroller"), {
  edit,
  retry: (message, exactly) => ask({ again: message.id, exactly }),
  branch: show,
  result: (message, id, words) => ask({ text: words, parent: message.id, toolCall: id }),
});
const history = new History(side, (id) => open(id, true));

function send(words, parent) {
  composer.value = "";
  ask({ text: words, parent });
}

/** Asks, and shows the answer while it comes. */
async function ask(what) {
  if (running) {
    return;
  }
  edit(null);
  composer.explain("");
  composer.setBusy(true);
  status.textContent = text("status.waiting");
  const controller = new AbortController();
  running = { controller, answer: null, stopped: false };
  page.dataset.state = "waiting";
  try {
    const body = { conversation: conversation?.id ?? null, ...what, ...options.values() };
    for await (const [event, data] of api.ask(body, controller.signal)) {
      receive(event, data);
    }
    if (running.answer) {
      throw new api.Refused(0, { code: "broken", message: text("broken") });
    }
  } catch (failure) {
    failed(failure, what);
  } finally {
    running = null;
    composer.setBusy(false);
    page.dataset.state = "ready";
  }
}

function receive(event, data) {
  if (event === "begin") {
    began(data);
  } else if (event === "text") {
    const stays = thread.isAtEnd();
    thread.get(running.answer.id)?.append(data.text);
    if (stays) {
      requestAnimationFrame(() => thread.toEnd());
    }
  } else if (event === "end") {
    ended(data);
  }
}

function began({ conversation: id, title, messages }) {
  if (conversation === null) {
    conversation = { id, title, share: null };
    window.history.pushState({ id }, "", PATH + id);
    describe();
  }
  messages.forEach((message) => tree.add(message));
  running.answer = messages.at(-1);
  page.dataset.state = "streaming";
  draw();
  thread.toEnd();
  history.load().then(() => history.mark(conversation?.id ?? null));
  if (running.stopped) {
    stop();
  }
}

function ended({ answer, same, allowance }) {
  const stays = thread.isAtEnd();
  running.answer = null;
  tree.put(answer);
  draw();
  left(allowance);
  status.textContent = text(answer.state === "DONE" ? "status.done" : "status.ended");
  if (same) {
    toast(text("same"), "good");
  }
  if (stays) {
    thread.toEnd();
  }
}

/** An answer that goes on without this page is watched; a question that was not taken comes back. */
function failed(failure, what) {
  status.textContent = "";
  const answer = running.answer;
  if (answer) {
    running.answer = null;
    watch(conversation.id, answer.id);
    return;
  }
  if (running.controller.signal.aborted) {
    composer.value = composer.value || (what.text ?? "");
    return;
  }
  composer.explain(failure.message ?? String(failure));
  if (what.text && !what.toolCall && composer.value === "") {
    composer.value = what.text;
  }
  options.reveal(failure.field);
  draw();
}

/** One that has no place yet is stopped when it has: going away alone would let it go on. */
async function stop() {
  if (!running) {
    return;
  }
  running.stopped = true;
  if (running.answer) {
    await api.post(`/chat/api/answers/${running.answer.id}/stop`).catch((failure) => toast(failure.message, "danger"));
  }
}

/** Looks again until an answer that somebody else's page, or an earlier one, asked for is complete. */
async function watch(id, answerId) {
  while (conversation?.id === id && !running) {
    const opened = await api.get(`/chat/api/conversations/${id}`).catch(() => null);
    if (conversation?.id !== id || running) {
      return;
    }
    if (opened) {
      take(opened);
      if (tree.get(answerId)?.state !== "STREAMING") {
        return;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, WATCH_EVERY_MILLIS));
  }
}

function edit(element) {
  editing?.element.classList.remove("editing");
  if (editing && element === null && composer.value === editing.message.text) {
    composer.value = "";
  }
  editing = element;
  composer.setEditing(element !== null);
  if (element) {
    element.element.classList.add("editing");
    composer.value = element.message.text;
    composer.focus();
  }
}

function show(message) {
  tree.show(message);
  draw();
  thread.get(message.id)?.element.scrollIntoView({ block: "nearest" });
  api.patch(`/chat/api/conversations/${conversation.id}`, { head: tree.head }).catch(() => {});
}

function draw() {
  thread.show(tree);
  page.toggleAttribute("data-empty", tree.head === null);
}

function describe() {
  page.querySelector("[data-title]").textContent = conversation?.title ?? "";
  page.querySelector("[data-conversation]").hidden = conversation === null;
  page.querySelector("[data-shared]").hidden = !conversation?.share;
  document.title = [conversation?.title, document.body.dataset.name].filter(Boolean).join(" · ");
}

function take(opened) {
  conversation = opened;
  tree = new Tree(opened.messages, opened.head);
  describe();
  draw();
}

async function open(id, push) {
  if (running) {
    running.controller.abort();
  }
  try {
    const opened = await api.get(`/chat/api/conversations/${id}`);
    edit(null);
    composer.explain("");
    options.take(opened);
    take(opened);
    if (push) {
      window.history.pushState({ id }, "", PATH + id);
    }
    history.mark(id);
    closeSide();
    thread.toEnd();
    composer.focus();
    const last = tree.get(tree.head);
    if (last?.state === "STREAMING") {
      watch(id, last.id);
    }
  } catch (failure) {
    toast(failure.message, "danger");
    if (failure.status === 404) {
      fresh(true);
    }
  }
}

function fresh(push) {
  running?.controller.abort();
  conversation = null;
  tree = new Tree();
  edit(null);
  composer.value = "";
  composer.explain("");
  options.reset();
  describe();
  draw();
  history.mark(null);
  if (push) {
    window.history.pushState({}, "", home);
  }
  closeSide();
  composer.focus();
}

function closeSide() {
  if (side.matches("[popover]:popover-open")) {
    side.hidePopover();
  }
}

/** Shows what is left of the caps: the scarcest beside the field, all of them behind it. */
function left({ left: caps }) {
  const button = page.querySelector("[data-left]");
  button.hidden = caps.length === 0;
  if (caps.length > 0) {
    const scarcest = caps.reduce((one, other) => (other.share < one.share ? other : one));
    button.querySelector("span").textContent = scarcest.text;
    button.dataset.level = scarcest.share < 0.1 ? "low" : "fine";
  }
  document.querySelector("[data-left-list]").replaceChildren(
    ...caps.map((cap) =>
      create(
        "li",
        {},
        create("span", { textContent: cap.text }),
        create("progress", { max: 1, value: cap.share, attributes: { "aria-label": cap.text } }),
      ),
    ),
  );
}

async function rename() {
  const title = await dialogs.line(text("rename"), text("rename.label"), conversation.title, TITLE_CHARS_MAX);
  if (title) {
    await change(() => api.patch(`/chat/api/conversations/${conversation.id}`, { title }), { title });
  }
}

async function share() {
  await change(async () => {
    const { path } = await api.post(`/chat/api/conversations/${conversation.id}/share`);
    conversation.share = path;
    describe();
    const address = new URL(path, location.href).href;
    if ((await dialogs.link(text("share"), text("share.lead"), address)) === "end") {
      await api.remove(`/chat/api/conversations/${conversation.id}/share`);
      conversation.share = null;
      toast(text("share.ended"));
    }
  }, {});
}

async function erase() {
  if (await dialogs.confirms(text("delete"), text("delete.question", conversation.title), text("delete"))) {
    const { id } = conversation;
    running?.controller.abort();
    await change(() => api.remove(`/chat/api/conversations/${id}`), {});
    fresh(true);
  }
}

async function eraseAll() {
  if (await dialogs.confirms(text("delete.all"), text("delete.all.question"), text("delete.all"))) {
    running?.controller.abort();
    await change(() => api.remove("/chat/api/conversations"), {});
    fresh(true);
  }
}

async function change(work, values) {
  try {
    await work();
    Object.assign(conversation ?? {}, values);
    describe();
    history.load();
  } catch (failure) {
    toast(failure.message, "danger");
  }
}

function download(format) {
  location.assign(`/chat/api/conversations/${conversation.id}/export?format=${format}`);
}

const deeds = {
  rename,
  share,
  erase,
  "erase-all": eraseAll,
  markdown: () => download("md"),
  json: () => download("json"),
  fresh: () => fresh(true),
};
document.addEventListener("click", (event) => {
  const deed = event.target.closest("[data-deed]")?.dataset.deed;
  if (deed) {
    event.preventDefault();
    document.querySelector(".menu:popover-open")?.hidePopover();
    deeds[deed]();
  }
  const example = event.target.closest("[data-example]");
  if (example) {
    send(example.textContent.trim(), null);
  }
});
window.addEventListener("popstate", ({ state }) => {
  if (state?.id) {
    open(state.id, false);
  } else {
    fresh(false);
  }
});

history.load();
api.get("/chat/api/allowance").then(left, () => {});
if (document.body.dataset.conversation) {
  window.history.replaceState({ id: document.body.dataset.conversation }, "");
  open(document.body.dataset.conversation, false);
} else {
  composer.value = "";
  describe();
  draw();
  composer.focus();
}
page.dataset.state = "ready";
