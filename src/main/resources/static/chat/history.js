import * as api from "./api.js";
import { create, symbol } from "./dom.js";
import { text } from "./texts.js";

const DAY_MILLIS = 86_400_000;
const SEARCH_AFTER_MILLIS = 250;

function groupOf(updatedAt, today) {
  const days = Math.floor((today - new Date(updatedAt).setHours(0, 0, 0, 0)) / DAY_MILLIS);
  if (days <= 0) {
    return "today";
  }
  if (days === 1) {
    return "yesterday";
  }
  return days <= 7 ? "week" : days <= 31 ? "month" : "older";
}

/** The list of conversations at the side, and the search in them. */
export class History {
  /** @param onOpen called with the id of the conversation that somebody chooses */
  constructor(root, onOpen) {
    this.list = root.querySelector("[data-history]");
    this.field = root.querySelector("input[type=search]");
    this.status = root.querySelector("[data-found]");
    this.more = root.querySelector("[data-more]");
    this.onOpen = onOpen;
    this.current = null;
    this.entries = [];
    this.field.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.load(), SEARCH_AFTER_MILLIS);
    });
    this.more.addEventListener("click", () => this.#load(this.entries.length));
  }

  /** Reads the list anew. */
  load() {
    return this.#load(0);
  }

  async #load(offset) {
    const words = this.field.value.trim();
    const asked = (this.asked = {});
    const page = await api
      .get(
        words
          ? `/chat/api/search?q=${encodeURIComponent(words)}`
          : `/chat/api/conversations?offset=${offset}`,
      )
      .catch(() => null);
    if (page === null || asked !== this.asked) {
      return; // the list stays as it is, or a newer question is on its way
    }
    this.entries = offset > 0 ? [...this.entries, ...page.conversations] : page.conversations;
    this.more.hidden = !page.more;
    this.status.textContent = words ? text("found", this.entries.length) : "";
    this.#draw(words !== "");
  }

  /** Marks the conversation that is open. */
  mark(id) {
    this.current = id;
    for (const link of this.list.querySelectorAll("a")) {
      link.toggleAttribute("aria-current", link.dataset.id === id);
      if (link.dataset.id === id) {
        link.setAttribute("aria-current", "page");
      }
    }
  }

  #draw(found) {
    const today = new Date().setHours(0, 0, 0, 0);
    this.list.replaceChildren();
    let group = null;
    let items = null;
    for (const entry of this.entries) {
      const name = found ? "found" : groupOf(entry.updatedAt, today);
      if (name !== group) {
        group = name;
        items = create("ul");
        const heading = found ? null : create("h2", { textContent: text(`group.${name}`) });
        this.list.append(create("section", {}, heading, items));
      }
      items.append(this.#item(entry));
    }
    if (this.entries.length === 0) {
      const words = text(found ? "nothing.found" : "nothing.yet");
      this.list.append(create("p", { className: "small muted empty", textContent: words }));
    }
    this.mark(this.current);
  }

  #item({ id, title, shared, snippet }) {
    const link = create(
      "a",
      {
        href: `/chat/c/${id}`,
        title,
        data: { id },
        on: {
          click: (event) => {
            if (event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
              event.preventDefault();
              this.onOpen(id);
            }
          },
        },
      },
      create("span", { className: "title", textContent: title }),
      shared ? symbol("share") : null,
      snippet ? create("span", { className: "snippet", textContent: snippet }) : null,
    );
    return create("li", {}, link);
  }
}
