// The work page and the queue: running countdowns, warnings near the end, drafts that are kept on the server.
// Without this script the page shows the deadline, and the form works as it is.

const SECOND = 1000;
const DRAFT_PAUSE = 1.5 * SECOND;
const DRAFT_RETRY = 8 * SECOND;

for (const clock of document.querySelectorAll("[data-deadline]")) runCountdown(clock);
for (const form of document.querySelectorAll("form[data-draft]")) keepDraft(form);
for (const form of document.querySelectorAll("form[data-keep]")) keepChoice(form);
document.querySelector("[data-focus]")?.focus();
// Going on to the next task takes it, so it is a press of the button and not a link.
document.querySelector("form[data-go]")?.requestSubmit();
openWhatTheAddressNames();
addEventListener("hashchange", openWhatTheAddressNames);

// --- countdown ---

function runCountdown(clock) {
  const { deadline, start, now, digits, over } = clock.dataset;
  // Phones' clocks are wrong by minutes; only the distance from the server's own moment counts.
  const left = Date.parse(deadline) - Date.parse(now);
  const whole = Date.parse(deadline) - Date.parse(start);
  const shownAt = performance.now();
  const text = clock.querySelector(".countdown-text");
  const tick = () => {
    const rest = left - (performance.now() - shownAt);
    text.textContent = rest > 0 ? inDigits(clockTime(rest), digits) : over;
    const used = 100 * (1 - rest / whole);
    clock.classList.toggle("is-late", used >= 80);
    if (clock.closest(".workbar")) warn(used);
    if (rest > 0) setTimeout(tick, rest % SECOND || SECOND);
  };
  tick();
}

function clockTime(milliseconds) {
  const seconds = Math.ceil(milliseconds / SECOND);
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

function inDigits(text, digits) {
  return text.replace(/[0-9]/g, (digit) => digits[digit]);
}

function warn(used) {
  const warnings = [...document.querySelectorAll("[data-warn]")];
  const due = warnings.findLast((warning) => used >= Number(warning.dataset.warn));
  for (const warning of warnings) warning.hidden = warning !== due;
  if (used >= 100) {
    for (const button of document.querySelectorAll("[data-submit]")) button.disabled = true;
  }
}

// --- draft ---

function keepDraft(form) {
  const status = form.querySelector("[data-draft-status]");
  let timer = 0;
  let changed = false;
  const say = (what) => {
    status.textContent = status.dataset[what];
  };
  const save = async () => {
    changed = false;
    say("saving");
    const body = answers(form);
    try {
      // A request that outlives its page may carry 64 kB at most.
      const keepalive = String(body).length < 60_000;
      const answer = await fetch(form.dataset.draft, { method: "POST", body, keepalive });
      if (answer.status === 409 || answer.status === 404) return say("closed");
      if (!answer.ok) throw new Error(answer.status);
      if (!changed) say("saved");
    } catch {
      say("unsaved");
      later(DRAFT_RETRY);
    }
  };
  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  };
  form.addEventListener("input", (event) => {
    if (event.target.type === "file" || event.target.name.startsWith(":")) return;
    changed = true;
    later(DRAFT_PAUSE);
  });
  // A phone may drop the page at any moment after this one.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && changed) {
      clearTimeout(timer);
      save();
    }
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    changed = false;
  });
}

function answers(form) {
  const data = new FormData(form);
  for (const [name, value] of [...data]) {
    if (value instanceof File) data.delete(name);
  }
  return new URLSearchParams(data);
}

// --- small things ---

function keepChoice(form) {
  form.addEventListener("change", () => {
    fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  });
}

function openWhatTheAddressNames() {
  const named = location.hash && document.getElementById(location.hash.slice(1));
  if (named instanceof HTMLDetailsElement) named.open = true;
}
