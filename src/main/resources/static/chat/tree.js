/** The messages of a conversation: questions that were edited and answers that were repeated branch it. */
export class Tree {
  #messages = new Map();
  head = null;

  constructor(messages = [], head = null) {
    messages.forEach((message) => this.put(message));
    this.head = this.#messages.has(head) ? head : this.#leafFrom(null);
  }

  put(message) {
    this.#messages.set(message.id, message);
  }

  get(id) {
    return this.#messages.get(id);
  }

  /** Moves to a new message. */
  add(message) {
    this.put(message);
    this.head = message.id;
  }

  /** The messages of the branch that is shown, the first one first. */
  branch() {
    const line = [];
    for (let at = this.get(this.head); at; at = this.get(at.parent)) {
      line.unshift(at);
    }
    return line;
  }

  /** The messages that stand where this one stands, itself among them, the oldest first. */
  siblings(message) {
    return [...this.#messages.values()].filter(
      (other) => other.parent === message.parent && other.role === message.role,
    );
  }

  /** Shows the newest branch through a message. */
  show(message) {
    this.head = this.#leafFrom(message.id);
  }

  #leafFrom(id) {
    let at = id;
    for (;;) {
      const children = [...this.#messages.values()].filter((message) => message.parent === at);
      if (children.length === 0) {
        return at;
      }
      at = children.at(-1).id;
    }
  }
}
