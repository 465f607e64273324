import { MessageElement } from "./message.js";

const NEAR_BOTTOM_PIXELS = 80;

/** The messages of the branch that is shown. */
export class Thread {
  /**
   * @param scroller what scrolls
   * @param actions of the messages, empty where they are only read
   */
  constructor(list, scroller, actions) {
    this.list = list;
    this.scroller = scroller;
    this.actions = actions;
    this.elements = new Map();
  }

  /** Shows a tree's branch; what is on the page already stays there. */
  show(tree) {
    const kept = this.elements;
    this.elements = new Map();
    const items = tree.branch().map((message) => {
      const siblings = tree.siblings(message);
      const known = kept.get(message.id);
      if (known?.isOutdated(message, siblings)) {
        known.show(message, siblings);
      }
      const element = known ?? new MessageElement(message, siblings, this.actions);
      this.elements.set(message.id, element);
      return element.element;
    });
    this.list.replaceChildren(...items);
  }

  get(id) {
    return this.elements.get(id);
  }

  /** Whether the end is in view: then it is to stay there. */
  isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PIXELS;
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }
}
