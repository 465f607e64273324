// Runs before the first paint, so that a chosen theme never flashes; hence a classic script.
"use strict";
(() => {
  const root = document.documentElement;
  const remembered = (() => {
    try {
      return localStorage.getItem("galerne.theme");
    } catch {
      return null; // storage may be forbidden; the system's theme serves then
    }
  })();
  if (remembered === "light" || remembered === "dark") {
    root.dataset.theme = remembered;
  }
})();
