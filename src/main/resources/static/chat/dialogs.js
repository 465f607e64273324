import { create } from "./dom.js";
import { text } from "./texts.js";

function open(title, body, actions) {
  const close = (value) => {
    dialog.returnValue = value;
    dialog.close(value);
  };
  const form = create("form", { method: "dialog", className: "dialog" }, ...body, actions(close));
  const heading = create("h2", { textContent: title, id: "dialog-title" });
  const dialog = create(
    "dialog",
    { attributes: { "aria-labelledby": "dialog-title" } },
    create("header", {}, heading),
    form,
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
  });
}

function buttons(label, kind, close) {
  return create(
    "div",
    { className: "actions end" },
    create("button", {
      type: "button",
      className: "quiet",
      textContent: text("cancel"),
      on: { click: () => close("") },
    }),
    create("button", { type: "submit", className: kind, textContent: label, value: "yes" }),
  );
}

/** Whether somebody agrees. */
export async function confirms(title, question, label) {
  const answer = await open(title, [create("p", { textContent: question })], (close) =>
    buttons(label, "danger", close),
  );
  return answer === "yes";
}

/** A line of text, or null. */
export async function line(title, label, value, chars) {
  const field = create("input", { type: "text", value, maxLength: chars, required: true, id: "dialog-line" });
  const name = create("label", { textContent: label, htmlFor: "dialog-line" });
  const answer = open(title, [create("div", { className: "field" }, name, field)], (close) =>
    buttons(text("save"), "primary", close),
  );
  field.select();
  return (await answer) === "yes" ? field.value.trim() : null;
}

/** A link to hand on; "end" if it is to stop working. */
export async function link(title, lead, address) {
  const field = create("input", { type: "text", readOnly: true, value: address, id: "dialog-link" });
  const name = create("label", { textContent: text("share.link"), htmlFor: "dialog-link" });
  const copyLink = create("button", {
    type: "button",
    className: "primary",
    textContent: text("copy"),
    on: {
      click: async () => {
        await navigator.clipboard.writeText(address).catch(() => field.select());
        copyLink.textContent = text("copied");
      },
    },
  });
  const answer = open(
    title,
    [
      create("p", { className: "muted", textContent: lead }),
      create("div", { className: "field" }, name, field),
    ],
    (close) =>
      create(
        "div",
        { className: "actions end" },
        create("button", {
          type: "button",
          className: "quiet danger",
          textContent: text("share.end"),
          on: { click: () => close("end") },
        }),
        create("button", { type: "submit", className: "quiet", textContent: text("close") }),
        copyLink,
      ),
  );
  field.select();
  return answer;
}
