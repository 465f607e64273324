const dark = matchMedia("(prefers-color-scheme: dark)");

function current() {
  return document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light");
}

/** Lets the button switch between light and dark; until it is used, the system decides. */
export function themeToggle(button) {
  const describe = () => {
    const text = current() === "dark" ? button.dataset.toLight : button.dataset.toDark;
    button.setAttribute("aria-label", text);
    button.title = text;
  };
  button.addEventListener("click", () => {
    const next = current() === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    try {
      localStorage.setItem("galerne.theme", next);
    } catch {
      // not remembered; it still holds for this page
    }
    describe();
  });
  dark.addEventListener("change", describe);
  describe();
}
