/** Follows an addition of weights while it goes on; the page says how it ended. */
const POLL_MILLIS = 500;
const card = document.getElementById("addition");
const bytes = new Intl.NumberFormat(document.documentElement.lang, { notation: "compact", maximumFractionDigits: 1 });

async function poll() {
  const response = await fetch("/operator/models/addition", { cache: "no-store", signal: AbortSignal.timeout(10_000) });
  if (!response.ok || response.status === 204) {
    return true;
  }
  const { state, step, done, total } = await response.json();
  if (state !== "running") {
    location.replace("/operator/models");
    return false;
  }
  const bar = document.getElementById("addition-bar");
  document.getElementById("addition-step").textContent = step;
  if (total > 0) {
    bar.max = total;
    bar.value = Math.min(done, total);
  } else {
    bar.removeAttribute("value");
  }
  const text = total > 0 ? card.dataset.of : card.dataset.some;
  document.getElementById("addition-bytes").textContent = text.replace("{0}", bytes.format(done)).replace("{1}", bytes.format(Math.max(0, total)));
  return true;
}

async function loop() {
  let again = true;
  try {
    again = await poll();
  } catch {
    // the next look may succeed
  }
  if (again) {
    setTimeout(loop, POLL_MILLIS);
  }
}

if (card?.dataset.state === "running") {
  loop();
}
