/** Turns a list of links to sections into tabs; without this script all sections are shown. */
export function tabs(list) {
  const links = [...list.querySelectorAll("a")];
  const panels = links.map((link) => document.querySelector(link.hash));
  list.setAttribute("role", "tablist");
  links.forEach((link, i) => {
    link.setAttribute("role", "tab");
    link.id = `${panels[i].id}-tab`;
    link.setAttribute("aria-controls", panels[i].id);
    panels[i].setAttribute("role", "tabpanel");
    panels[i].setAttribute("aria-labelledby", link.id);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      show(i);
    });
    link.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) {
        const next = (i + step + links.length) % links.length;
        show(next);
        links[next].focus();
      }
    });
  });

  function show(chosen) {
    links.forEach((link, i) => {
      link.setAttribute("aria-selected", String(i === chosen));
      link.tabIndex = i === chosen ? 0 : -1;
      panels[i].hidden = i !== chosen;
    });
  }
  show(0);
}
