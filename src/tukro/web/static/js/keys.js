// Worker pages by keyboard. A key presses what carries it in ``data-key``; "?" shows them all. Everything here has a
// button or a link too. Single keys can be switched off, as some people speak to their computers.

const help = document.getElementById("keys");
const OFF = "tukro:keys-off";
const isOff = () => recall() === "yes";

for (const button of document.querySelectorAll("[data-keys-open]")) {
  button.hidden = false;
  button.addEventListener("click", show);
}
const choice = help.querySelector("[data-keys-on]");
choice.checked = !isOff();
choice.addEventListener("change", () => remember(choice.checked ? "no" : "yes"));

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = document.querySelector("form[data-draft]");
    // With Shift the other button: what is not remembered from last time.
    const button = form?.querySelector(event.shiftKey ? "[data-submit-other]" : "[data-submit]");
    if (button && !button.disabled && !help.open) form.requestSubmit(button);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || help.open || isTyping(event.target)) return;
  if (event.key === "?") return show();
  if (isOff()) return;
  if (event.key === "j" || event.key === "k") return move(event.key === "j" ? 1 : -1, event);
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!target) return;
  event.preventDefault();
  if (target instanceof HTMLDetailsElement) {
    target.open = true;
    target.querySelector("select, input:not([type=hidden])")?.focus();
  } else target.click();
});

function show() {
  for (const line of help.querySelectorAll("[data-if]")) {
    line.hidden = !document.querySelector(line.dataset.if);
  }
  help.showModal();
}

// From one row of a list to the next.
function move(step, event) {
  const rows = [...document.querySelectorAll(".offers h2 a")];
  if (!rows.length) return;
  event.preventDefault();
  const at = rows.indexOf(document.activeElement);
  rows[Math.min(Math.max(at + step, 0), rows.length - 1)].focus();
}

function isTyping(target) {
  return target.matches("input:not([type=checkbox], [type=radio]), textarea, select, audio, video");
}

function recall() {
  try {
    return localStorage.getItem(OFF);
  } catch {
    return null;
  }
}

function remember(what) {
  try {
    localStorage.setItem(OFF, what);
  } catch {
    // Nothing is remembered; the choice holds for this page.
  }
}
