// Reviewing by keyboard. Everything here has a button or a link too; without scripts the page works the same.

const form = document.querySelector("form[data-review]");
const lines = [...document.querySelectorAll("tr[data-line]")];
let at = -1;

for (const hint of document.querySelectorAll("[data-keys]")) hint.hidden = false;

// One answer is approved: the page comes again at the next one, and the keys go on from there.
if (location.hash) goTo(lines.findIndex((line) => `#${line.id}` === location.hash));

if (form) tickAll(form.querySelector("[data-tick-all]"));

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const act = (lines.length ? inGrid : inSingle)[event.key];
  if (act && act() !== false) event.preventDefault();
});

const inGrid = {
  j: () => move(1),
  k: () => move(-1),
  x: () => press("input[name=ids]"),
  a: () => press("[data-approve]"),
  r: () => rejectOne(),
  Enter: () => (document.activeElement?.matches("tr[data-line]") ? press("[data-open]") : false),
};

const inSingle = {
  j: () => follow("[data-following]"),
  k: () => follow("[data-before]"),
  a: () => document.querySelector("[data-approve-form]")?.requestSubmit(),
  r: () => openReject(),
};

function isTyping(target) {
  return target.matches("input:not([type=checkbox], [type=radio]), textarea, select");
}

function move(step) {
  goTo(Math.min(Math.max(at + step, 0), lines.length - 1));
  lines[at].scrollIntoView({ block: "nearest" });
}

function goTo(line) {
  if (line < 0) return;
  at = line;
  lines[at].tabIndex = -1;
  lines[at].focus({ preventScroll: true });
}

function press(selector) {
  lines[at]?.querySelector(selector)?.click();
}

// Rejecting asks for its reason on the next page; the line under the cursor is the only one ticked.
function rejectOne() {
  const box = lines[at]?.querySelector("input[name=ids]");
  if (!box) return;
  for (const other of form.querySelectorAll("input[name=ids]")) other.checked = other === box;
  form.querySelector("[name=scope][value=selected]").checked = true;
  form.requestSubmit(form.querySelector("[name=action][value=reject]"));
}

function follow(selector) {
  document.querySelector(selector)?.click();
}

function openReject() {
  const part = document.querySelector("[data-reject]");
  if (!part) return;
  part.open = true;
  part.querySelector("select").focus();
}

function tickAll(label) {
  if (!label) return;
  label.hidden = false;
  label.querySelector("input").addEventListener("change", (event) => {
    for (const box of form.querySelectorAll("input[name=ids]")) box.checked = event.target.checked;
  });
}
