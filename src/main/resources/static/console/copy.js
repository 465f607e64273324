const SHOWN_MILLIS = 1600;

/** Makes each `[data-copy]` button copy the text of the element whose id it names. */
export function copyButtons(root, texts) {
  for (const button of root.querySelectorAll("[data-copy]")) {
    const label = button.querySelector("[data-label]") ?? button;
    const original = label.textContent;
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(source.dataset.whole ?? source.textContent.trim());
        label.textContent = texts.copied;
      } catch {
        select(source);
        label.textContent = texts.copyFailed;
      }
      button.dataset.done = "";
      setTimeout(() => {
        label.textContent = original;
        delete button.dataset.done;
      }, SHOWN_MILLIS);
    });
  }
}

/** Leaves the text selected, so that a person can copy it by hand. */
function select(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}
