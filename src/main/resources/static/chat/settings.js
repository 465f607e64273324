import { csrf } from "/shell/shell.js";

const field = document.querySelector("[data-logo]");
const problem = document.getElementById("logo-problem");

/** Sends a picture, or nothing to take it away. */
async function send(file) {
  const response = await fetch(field.dataset.logo, {
    method: "POST",
    headers: { "X-CSRF-TOKEN": csrf(), "Content-Type": "application/octet-stream" },
    body: file,
  }).catch(() => null);
  if (response?.ok) {
    location.reload();
    return;
  }
  const known = await response?.json().catch(() => null);
  problem.textContent = known?.message ?? "!";
  problem.hidden = false;
}

field.addEventListener("change", () => field.files.length === 1 && send(field.files[0]));
document.querySelector("[data-logo-away]")?.addEventListener("click", () => send(null));
