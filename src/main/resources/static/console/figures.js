const POLL_MILLIS = 1000;
const SAMPLES_MAX = 60;
const grouped = new Intl.NumberFormat("en");

/** Keeps the engine's figures up to date while the page is visible. */
export function liveFigures(root) {
  const part = (name) => root.querySelector(`[data-figure="${name}"]`);
  const rates = [];
  let before = null;

  async function poll() {
    try {
      const response = await fetch("/console/engine", {
        cache: "no-store",
        signal: AbortSignal.timeout(5 * POLL_MILLIS),
      });
      if (!response.ok) {
        throw new Error(`HTTP ${response.status}`);
      }
      show(await response.json());
      part("lost").hidden = true;
    } catch {
      before = null;
      part("lost").hidden = false;
    }
  }

  function show(figures) {
    part("running").textContent = grouped.format(figures.running);
    part("waiting").textContent = grouped.format(figures.waiting);
    part("generated").textContent = grouped.format(figures.generatedTokens);
    fill(part("prompt"), grouped.format(figures.promptTokens));
    part("cache").value = figures.kvBlocksUsed;
    part("cache").max = Math.max(1, figures.kvBlocks);
    const share = figures.kvBlocks === 0 ? 0 : (100 * figures.kvBlocksUsed) / figures.kvBlocks;
    part("cache-share").textContent = `${share.toFixed(share > 0 && share < 10 ? 1 : 0)} %`;
    fill(
      part("cache-blocks"),
      grouped.format(figures.kvBlocksUsed),
      grouped.format(figures.kvBlocks),
    );
    showRate(figures);
  }

  function showRate({ generatedTokens }) {
    const now = { at: performance.now(), generatedTokens };
    if (before !== null && generatedTokens >= before.generatedTokens) {
      const seconds = (now.at - before.at) / 1000;
      const rate = (generatedTokens - before.generatedTokens) / seconds;
      rates.push(rate);
      rates.splice(0, rates.length - SAMPLES_MAX);
      part("rate").textContent = rate === 0 ? "0" : rate.toFixed(rate < 100 ? 1 : 0);
      fill(part("rate-window"), seconds.toFixed(0));
      part("history").setAttribute("points", points(rates));
    }
    before = now;
  }

  async function loop() {
    if (!document.hidden) {
      await poll();
    } else {
      before = null;
    }
    setTimeout(loop, POLL_MILLIS);
  }
  loop();
}

function fill(element, ...values) {
  element.textContent = element.dataset.text.replace(/\{(\d)\}/g, (_, i) => values[i]);
}

/** A line in a box of 60 x 20, newest at the right, its height the highest rate seen. */
function points(rates) {
  const highest = Math.max(...rates, 1);
  return rates
    .map((rate, i) => `${SAMPLES_MAX - rates.length + i},${(19 - (18 * rate) / highest).toFixed(2)}`)
    .join(" ");
}
