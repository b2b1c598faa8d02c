// The work page and the queue: running countdowns and warnings near the end.
// Without this script the page shows the deadline, and the form works as it is.

const SECOND = 1000;

for (const note of document.querySelectorAll("[data-kept-note]")) note.hidden = !document.documentElement.dataset.kept;
for (const clock of document.querySelectorAll("[data-deadline]")) runCountdown(clock);
for (const form of document.querySelectorAll("form[data-keep]")) keepChoice(form);
document.querySelector("[data-focus]")?.focus();
for (const { dataset } of document.querySelectorAll("form[data-page]")) history.replaceState(history.state, "", dataset.page);
// Going on to the next task takes it, so it is a press of the button and not a link.
document.querySelector("form[data-go]")?.requestSubmit();
openWhatTheAddressNames();
addEventListener("hashchange", openWhatTheAddressNames);

// (A refused answer is drawn where it was sent to. From there on the address is the task's own, so that loading the
// page again, or coming back to it, asks nobody to send a form once more: what is typed is in the draft.)

// --- countdown ---

function runCountdown(clock) {
  const { deadline, start, now, digits, over } = clock.dataset;
  // Phones' clocks are wrong by minutes; only the distance from the server's own moment counts.
  const left = Date.parse(deadline) - Date.parse(now) - sinceFetched();
  const whole = Date.parse(deadline) - Date.parse(start);
  const shown = sinceShown();
  const text = clock.querySelector(".countdown-text");
  const tick = () => {
    const rest = left - shown();
    text.textContent = rest > 0 ? inDigits(clockTime(rest), digits) : over;
    const used = 100 * (1 - rest / whole);
    clock.classList.toggle("is-late", used >= 80);
    if (clock.closest(".workbar")) warn(used);
    if (rest > 0) setTimeout(tick, rest % SECOND || SECOND);
  };
  tick();
}

// A page that the service worker kept, because there is no network, was fetched a while ago.
function sinceFetched() {
  const { kept } = document.documentElement.dataset;
  return kept ? Math.max(0, Date.now() - Number(kept)) : 0;
}

// How long the page is shown: by the clock that nobody sets, and by the other one, which goes on while a phone sleeps.
function sinceShown() {
  const [at, wall] = [performance.now(), Date.now()];
  return () => Math.max(performance.now() - at, Date.now() - wall);
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
    for (const button of document.querySelectorAll("[data-submit], [data-submit-other]")) button.disabled = true;
    // Nor can it be given back or gone on with any more, whatever was kept.
    for (const part of document.querySelectorAll("[data-draft-status], [data-frame-draft], [data-in-hand]")) part.hidden = true;
  }
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
