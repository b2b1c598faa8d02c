// What this device keeps for its person: answers that could not be sent yet, and the app itself.
// For people who have joined. Without this script pages and forms work as they are; then an answer that is
// sent without a network is lost.

const SECOND = 1000;
const LONGEST_PAUSE = 300 * SECOND;

const page = document.documentElement;
const person = page.dataset.person ?? recall("tukro:person") ?? "";
const place = document.querySelector("[data-answers]");
let pause = 5 * SECOND;
let timer = 0;

if ("person" in page.dataset) remember("tukro:person", person);
install();
document.addEventListener("submit", onSubmit);
if (place && person) {
  sendWaiting();
  document.addEventListener("tukro:kept", sendWaiting);
  addEventListener("online", sendWaiting);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") sendWaiting();
  });
}

// --- the app ---

async function install() {
  if (!("serviceWorker" in navigator)) return;
  try {
    if (document.readyState !== "complete") await new Promise((loaded) => addEventListener("load", loaded));
    await navigator.serviceWorker.register("/sw.js");
    const { active } = await navigator.serviceWorker.ready;
    if ("person" in page.dataset) active.postMessage({ person, language: page.lang });
  } catch {
    // No service worker, as in a private window: nothing depends on it.
  }
}

// --- handing in ---

const NEXT_TOO = ":accept_next"; // the button that takes the next task, too

function onSubmit(event) {
  const form = event.target;
  if (form.matches("form[data-sign-out]")) forgetDrafts();
  const pressed = event.submitter?.name;
  if (event.defaultPrevented || !form.matches("form[data-outbox]") || (pressed && pressed !== NEXT_TOO)) return;
  // A wrong code is counted each time it arrives: such an answer is sent once, as without this script.
  if ("countsTries" in form.dataset && navigator.onLine) return;
  event.preventDefault();
  handIn(form, new FormData(form, event.submitter));
}

// As without this script: a form that is sent by a script says nothing of the button that was pressed.
function sendPlainly(form, data) {
  if (data.has(NEXT_TOO)) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: NEXT_TOO, value: "1" }));
  form.submit();
}

async function handIn(form, data) {
  const { assignment, title } = form.dataset;
  const answer = {
    id: assignment,
    person,
    title,
    url: form.action,
    page: location.href,
    fields: [...data].filter(([name]) => name !== "csrfmiddlewaretoken"),
  };
  try {
    await outbox.keep(answer);
  } catch {
    sendPlainly(form, data); // no place to keep it in: as without this script
    return;
  }
  say(form, "sending");
  const came = await outbox.send(answer);
  if (came.done || came.faulty) await outbox.forget(answer.id);
  if (came.done) {
    forgetDraft(assignment);
    await globalThis.caches?.open("tukro-work").then((kept) => kept.delete(location.href));
    location.assign(came.next);
  } else if (came.faulty) {
    // Sent once more as without this script: the server draws the form with its faults, and that page's own
    // scripts begin anew (modules do not when a document is written into this one).
    sendPlainly(form, data);
  } else if (came.refused) {
    await outbox.keep({ ...answer, refused: came.refused });
    say(form, "");
    await show();
  } else {
    await outbox.keep({ ...answer, signIn: Boolean(came.signIn) });
    form.dataset.waits = "";
    say(form, "waits");
    await show();
    tryLater();
  }
  delete form.dataset.sent;
}

function say(form, what) {
  const status = form.querySelector("[data-sending-status]");
  if (status) status.textContent = what && status.dataset[what];
}

// --- what waits ---

async function sendWaiting() {
  clearTimeout(timer);
  const turn = () => outbox.flush(person);
  let waits;
  try {
    waits = await (navigator.locks?.request("tukro-outbox", turn) ?? turn());
  } catch {
    return; // this browser keeps nothing
  }
  await show();
  if (waits) tryLater();
}

function tryLater() {
  clearTimeout(timer);
  timer = setTimeout(sendWaiting, pause);
  pause = Math.min(2 * pause, LONGEST_PAUSE);
  // Chromium goes on when the page is closed.
  navigator.serviceWorker?.ready.then((app) => app.sync?.register("answers")).catch(() => {});
}

async function show() {
  const waiting = await outbox.of(person);
  // The answer of this page has left while it stood here: what became of the task is told by its page.
  const sent = document.querySelector("form[data-waits], iframe[data-waits]");
  if (sent && !waiting.some((answer) => answer.id === sent.dataset.assignment)) return location.reload();
  const shown = place.querySelector("section");
  if (waiting.length === 0) {
    shown?.remove();
    return;
  }
  const made = place.querySelector("template").content.cloneNode(true).querySelector("section");
  const row = made.querySelector("li");
  made.querySelector("ul").replaceChildren(...waiting.map((answer) => line(row.cloneNode(true), answer)));
  made.querySelector("[data-send]").hidden = waiting.every((answer) => answer.refused);
  made.querySelector("[data-send]").addEventListener("click", sendWaiting);
  if (shown) shown.replaceWith(made);
  else place.append(made);
}

function line(row, answer) {
  row.querySelector("[data-title]").textContent = answer.title;
  const state = row.querySelector("[data-state]");
  const what = ["refused", "faulty", "signIn"].find((name) => answer[name]) ?? "waits";
  state.textContent = state.dataset[what] + (answer.refused ? ` ${answer.refused}` : "");
  row.querySelector("[data-text]").textContent = answer.fields
    .filter(([name]) => !name.startsWith(":"))
    .map(([name, value]) => `${name}: ${value instanceof File ? value.name : value}`)
    .join("\n");
  const mend = row.querySelector("[data-page]");
  if (mend) mend.href = answer.page;
  row.querySelector("[data-forget]").addEventListener("click", async () => {
    await outbox.forget(answer.id);
    await show();
    place.focus();
  });
  return row;
}

// --- small things ---

function forgetDraft(assignment) {
  globalThis.localStorage?.removeItem(`tukro:draft:${person}:${assignment}`);
}

// On a device that people share nobody finds what another one typed. Answers that were handed in stay: they
// are sent when their person is here again.
function forgetDrafts() {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith("tukro:draft:")) localStorage.removeItem(name);
  }
  remember("tukro:person", "");
}

function recall(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // A browser that keeps nothing.
  }
}
