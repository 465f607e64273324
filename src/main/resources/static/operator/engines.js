/** The engines' figures, asked for each second; rates are differences of counters. */
const POLL_MILLIS = 1000;
const SAMPLES_MAX = 120;
const WINDOW_MILLIS = 60_000;
const CHART_HEIGHT = 110;
const language = document.documentElement.lang;
const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
const compact = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });

const root = document.getElementById("engines");
const shown = new Map();

function fill(text, ...values) {
  return text.replace(/\{(\d)\}/g, (_, i) => values[i]);
}

function colour(name) {
  const probe = document.createElement("span");
  probe.className = name;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

class Chart {
  #element;
  #plot = null;
  #data = [[], [], []];
  #width = 0;

  constructor(element) {
    this.#element = element;
    new ResizeObserver(() => {
      if (element.clientWidth !== this.#width) {
        this.#width = element.clientWidth;
        this.draw();
      }
    }).observe(element);
    document.addEventListener("galerne:theme", () => this.draw());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  set(data) {
    this.#data = data;
    this.#plot?.setData(data);
  }

  draw() {
    this.#plot?.destroy();
    const muted = colour("of-muted");
    const axis = { stroke: muted, grid: { stroke: colour("of-line"), width: 1 }, ticks: { show: false }, font: "11px system-ui, sans-serif" };
    const line = (stroke) => ({ stroke, width: 1.75, points: { show: false } });
    this.#plot = new uPlot(
      {
        width: Math.max(1, this.#element.clientWidth),
        height: CHART_HEIGHT,
        cursor: { show: false },
        legend: { show: false },
        scales: { x: { time: false, range: [-SAMPLES_MAX, 0] }, y: { range: (_, __, most) => [0, most > 0 ? most * 1.15 : 1] } },
        axes: [
          { ...axis, grid: { show: false }, size: 22, values: (_, values) => values.map((v) => (v === 0 ? "0 s" : `${v} s`)) },
          { ...axis, size: 44, space: 32, values: (_, values) => values.map((v) => compact.format(v)) },
        ],
        series: [{}, line(colour("of-accent")), line(colour("of-other"))],
      },
      this.#data,
      this.#element,
    );
  }
}

class EngineCard {
  #element;
  #parts = new Map();
  #charts;
  #samples = [];
  #before = null;
  #served = [];
  #first = null;

  constructor(engine) {
    this.#element = document.getElementById("engine").content.cloneNode(true).firstElementChild;
    for (const part of this.#element.querySelectorAll("[data-f]")) {
      this.#parts.set(part.dataset.f, part);
    }
    const charts = this.#element.querySelectorAll("[data-chart-of]");
    root.append(this.#element);
    this.#charts = { rates: new Chart(charts[0]), load: new Chart(charts[1]) };
    this.#text("id", engine.id);
    this.#text("about", fill(this.#parts.get("about").dataset[engine.remote ? "remote" : "text"], engine.name, engine.kernels, engine.threads));
    for (const model of engine.models) {
      const badge = document.createElement("span");
      badge.className = "badge accent";
      badge.textContent = model;
      this.#parts.get("models").append(badge);
    }
    for (const local of this.#element.querySelectorAll("[data-local]")) {
      local.hidden = engine.remote;
    }
  }

  remove() {
    this.#element.remove();
  }

  #text(name, text) {
    this.#parts.get(name).textContent = text;
  }

  show(engine, at) {
    this.#text("running", whole.format(engine.running));
    this.#text("running-of", engine.sequencesMax ? ` / ${whole.format(engine.sequencesMax)}` : "");
    this.#bar("occupancy", engine.running, engine.sequencesMax);
    this.#text("waiting", whole.format(engine.waiting));
    this.#text("waiting-of", engine.remote ? "" : ` / ${whole.format(engine.waitingMax)}`);
    this.#bar("queue", engine.waiting, engine.remote ? 0 : engine.waitingMax);
    this.#cache(engine);
    this.#rates(engine, at);
    this.#firstTokens(engine.firstTokens);
    this.#tenants(engine, at);
  }

  #bar(name, value, most) {
    const bar = this.#parts.get(name);
    bar.hidden = !most;
    bar.max = Math.max(1, most ?? 1);
    bar.value = value;
  }

  #cache({ blocks, blocksUsed, blocksCached }) {
    const share = blocks === 0 ? 0 : blocksUsed / blocks;
    this.#text("kv", percent.format(share));
    const [used, cached] = this.#parts.get("kv-stack").children;
    used.style.width = `${100 * share}%`;
    cached.style.width = blocks === 0 ? "0" : `${(100 * blocksCached) / blocks}%`;
    const text = fill(this.#parts.get("kv-text").dataset.text, whole.format(blocksUsed), whole.format(blocksCached), whole.format(blocks));
    this.#text("kv-text", text);
    this.#parts.get("kv-stack").setAttribute("aria-label", text);
  }

  #rates(engine, at) {
    this.#text("generated", fill(this.#parts.get("generated").dataset.text, whole.format(engine.generatedTokens)));
    this.#text("prompt", fill(this.#parts.get("prompt").dataset.text, whole.format(engine.promptTokens)));
    if (this.#before !== null && at > this.#before.at) {
      const seconds = (at - this.#before.at) / 1000;
      const rate = (name) => Math.max(0, engine[name] - this.#before.engine[name]) / seconds;
      const sample = { at, decode: rate("generatedTokens"), prefill: rate("promptTokens"), running: engine.running, waiting: engine.waiting };
      this.#samples.push(sample);
      this.#samples.splice(0, this.#samples.length - SAMPLES_MAX);
      this.#text("decode", fine.format(sample.decode));
      this.#text("prefill", fine.format(sample.prefill));
      const x = this.#samples.map((one) => (one.at - at) / 1000);
      this.#charts.rates.set([x, this.#samples.map((one) => one.decode), this.#samples.map((one) => one.prefill)]);
      this.#charts.load.set([x, this.#samples.map((one) => one.running), this.#samples.map((one) => one.waiting)]);
    }
    this.#before = { at, engine };
  }

  /** The mean of those that came since the last look that had any. */
  #firstTokens(now) {
    const part = this.#parts.get("first-text");
    if (now.count === 0) {
      part.textContent = part.dataset.none;
      return;
    }
    const before = this.#first;
    if (before === null || now.count > before.count) {
      const since = before ?? { count: 0, totalMillis: 0 };
      const mean = (now.totalMillis - since.totalMillis) / (now.count - since.count);
      this.#text("first", `${whole.format(mean)} ms`);
      this.#first = now;
    }
    part.textContent = fill(part.dataset.text, whole.format(now.totalMillis / now.count), whole.format(now.count));
  }

  #tenants(engine, at) {
    this.#served.push({ at, tokens: new Map(engine.tenants.map((one) => [one.id, one.servedTokens])) });
    while (this.#served.length > 1 && at - this.#served[0].at > WINDOW_MILLIS) {
      this.#served.shift();
    }
    const { at: since, tokens } = this.#served[0];
    const seconds = Math.max(0.001, (at - since) / 1000);
    const recent = engine.tenants
      .map((one) => ({ ...one, tokens: Math.max(0, one.servedTokens - (tokens.get(one.id) ?? 0)) }))
      .filter((one) => one.tokens > 0 || one.running > 0 || one.waiting > 0);
    const all = recent.reduce((sum, one) => sum + one.tokens, 0);
    const body = this.#parts.get("tenants");
    body.replaceChildren(...recent.map((one) => tenantRow(one, seconds, all)));
    body.closest(".table").hidden = engine.remote || recent.length === 0;
    this.#parts.get("fair-none").hidden = engine.remote || recent.length > 0;
  }
}

function tenantRow(tenant, seconds, all) {
  const row = document.getElementById("tenant").content.cloneNode(true).firstElementChild;
  const part = (name) => row.querySelector(`[data-f="${name}"]`);
  part("name").textContent = tenant.name;
  part("name").href = `/operator/tenants/${encodeURIComponent(tenant.id)}`;
  part("running").textContent = whole.format(tenant.running);
  part("waiting").textContent = whole.format(tenant.waiting);
  part("rate").textContent = fine.format(tenant.tokens / seconds);
  const share = all === 0 ? 0 : tenant.tokens / all;
  part("share").value = share;
  part("share-text").textContent = percent.format(share);
  part("weight").textContent = fine.format(tenant.weight);
  part("service").textContent = whole.format(tenant.service);
  return row;
}

async function poll() {
  const lost = document.getElementById("lost");
  try {
    const response = await fetch("/operator/engines/live", { cache: "no-store", signal: AbortSignal.timeout(5 * POLL_MILLIS) });
    if (!response.ok) {
      throw new Error(`HTTP ${response.status}`);
    }
    const { atMillis, engines } = await response.json();
    const there = new Set(engines.map((engine) => engine.id));
    for (const [id, card] of shown) {
      if (!there.has(id)) {
        card.remove();
        shown.delete(id);
      }
    }
    for (const engine of engines) {
      if (!shown.has(engine.id)) {
        shown.set(engine.id, new EngineCard(engine));
      }
      shown.get(engine.id).show(engine, atMillis);
    }
    document.getElementById("none").hidden = engines.length > 0;
    lost.hidden = true;
  } catch {
    lost.hidden = false;
  }
}

async function loop() {
  if (!document.hidden) {
    await poll();
  }
  setTimeout(loop, POLL_MILLIS);
}
loop();
