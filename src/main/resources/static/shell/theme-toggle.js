const dark = matchMedia("(prefers-color-scheme: dark)");

function current() {
  return document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light");
}

/** Lets buttons switch between light and dark; until one is used, the system decides. */
export function themeToggles() {
  const buttons = [...document.querySelectorAll("[data-theme-toggle]")];
  const describe = () => {
    for (const button of buttons) {
      const { toDark, toLight } = button.dataset;
      button.querySelector("[data-label]").textContent = current() === "dark" ? toLight : toDark;
    }
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const next = current() === "dark" ? "light" : "dark";
      document.documentElement.dataset.theme = next;
      try {
        localStorage.setItem("galerne.theme", next);
      } catch {
        // not remembered; it still holds for this page
      }
      describe();
      document.dispatchEvent(new CustomEvent("galerne:theme"));
    });
  }
  dark.addEventListener("change", describe);
  describe();
}
