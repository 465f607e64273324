/** Draws the sums of days; the numbers themselves are in the table beside each chart. */
const HEIGHT = 240;
/** Steps between lines where only whole numbers mean something. */
const WHOLE = Array.from({ length: 39 }, (_, i) => [1, 2, 5][i % 3] * 10 ** Math.floor(i / 3));

function colours() {
  const style = getComputedStyle(document.documentElement);
  const probe = document.createElement("span");
  document.body.append(probe);
  const read = (name) => {
    probe.style.color = style.getPropertyValue(name) && `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const found = { accent: read("--accent"), muted: read("--muted"), line: read("--line") };
  probe.remove();
  return found;
}

function draw(element) {
  const data = JSON.parse(element.dataset.chart);
  const language = document.documentElement.lang;
  const compact = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
  const days = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" });
  const buttons = [...element.closest("section").querySelectorAll("[data-series]")];
  let chosen = buttons.find((button) => button.getAttribute("aria-pressed") === "true").dataset.series;
  let plot = null;

  function show() {
    const { accent, muted, line } = colours();
    const axis = { stroke: muted, grid: { stroke: line, width: 1 }, ticks: { show: false }, font: "12px system-ui, sans-serif" };
    plot?.destroy();
    plot = new uPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "UTC"),
        cursor: { show: false },
        legend: { show: false },
        scales: { y: { range: (_, __, most) => [0, most > 0 ? most * 1.1 : 1] } },
        axes: [
          { ...axis, grid: { show: false }, values: (_, values) => values.map((v) => days.format(v * 1000)), space: 70 },
          { ...axis, values: (_, values) => values.map((v) => compact.format(v)), size: 60, incrs: data[chosen].every(Number.isInteger) ? WHOLE : undefined },
        ],
        series: [{}, { stroke: accent, fill: accent, width: 0, paths: uPlot.paths.bars({ size: [0.7, 40], radius: 0.15 }), points: { show: false } }],
      },
      [data.days, data[chosen]],
      element,
    );
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.series === chosen));
    }
  }

  for (const button of buttons) {
    button.addEventListener("click", () => {
      chosen = button.dataset.series;
      show();
    });
  }
  let width = 0;
  new ResizeObserver(() => {
    if (element.clientWidth !== width) {
      width = element.clientWidth;
      show();
    }
  }).observe(element);
  document.addEventListener("galerne:theme", show);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
}

document.querySelectorAll("[data-chart]").forEach(draw);
