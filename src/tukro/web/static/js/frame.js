// The site's side of a task frame: goes on to the next task when the frame proves that work was handed in.
//
// A task page is a stranger's and may send any message. Two things make one true: it comes from this very
// frame, and it carries the receipt, which only the house's own answer page knows.

// A page on its requester's own server may hand in from a window or a hidden frame of its own; then no message
// comes, and we ask the site when the worker is back here.

const MOST = 900_000; // characters of a draft; more would not be taken
const TALLEST = 6000; // px of a frame
const LONG = 15_000; // ms without a page, after which we say what can be done

for (const frame of document.querySelectorAll("iframe[data-receipt]")) {
  window.addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow) return;
    const told = event.data;
    if (typeof told !== "object" || told === null || told.type !== "tukro:handed-in") return;
    if (told.receipt !== frame.dataset.receipt) return;
    goOn(frame.dataset.next);
  });
  if (frame.dataset.state) askOnReturn(frame.dataset);
}
for (const frame of document.querySelectorAll("iframe.task-frame")) fit(frame);
for (const note of document.querySelectorAll("[data-frame-wait]")) tellOfWaiting(note, note.previousElementSibling);
for (const field of document.querySelectorAll("[data-draft-of-frame]")) passDraft(field, document.querySelector("iframe"));
for (const frame of document.querySelectorAll("iframe[data-receipt]:not([data-state])")) keepInstructions(frame);

// A page of ours in the frame tells what is filled in. It goes into a field of the form beside the frame, which
// keeps it as it keeps every draft (draft.js), and back to the page when that asks.
function passDraft(field, frame) {
  const give = () => {
    if (field.value) frame.contentWindow.postMessage({ type: "tukro:draft", taskAnswers: field.value }, "*");
  };
  window.addEventListener("message", ({ source, data }) => {
    if (source !== frame.contentWindow || typeof data !== "object" || data === null) return;
    if (data.type === "tukro:draft-asked") give();
    if (data.type !== "tukro:draft" || typeof data.taskAnswers !== "string" || data.taskAnswers.length > MOST) return;
    field.value = data.taskAnswers;
    field.dispatchEvent(new Event("input", { bubbles: true })); // draft.js listens
  });
  give();
}

// A page of ours tells how tall it is, and the frame follows: on a phone nobody finds a button that is below the
// edge of a frame, nor likes an empty screen under one. The page waits before it tells that it became shorter.
function fit(frame) {
  window.addEventListener("message", ({ source, data }) => {
    if (source !== frame.contentWindow || typeof data !== "object" || data === null) return;
    if (data.type !== "tukro:height" || !Number.isFinite(data.height)) return;
    const height = Math.min(Math.ceil(data.height) + frame.offsetHeight - frame.clientHeight, TALLEST);
    frame.dataset.fits = "";
    frame.height = height;
  });
  frame.contentWindow.postMessage({ type: "tukro:site-ready" }, "*"); // its page may have told before
}

// Until its page is there a frame is an empty sheet. This window's own "load" comes after those of its frames; a page of
// ours says sooner that it is there, and a foreign one is there when somebody works in it.
function tellOfWaiting(note, frame) {
  if (document.readyState === "complete") return;
  const [loading, slow] = note.children;
  const toldLate = setTimeout(() => {
    loading.hidden = true;
    slow.hidden = false;
  }, LONG);
  const end = () => {
    clearTimeout(toldLate);
    note.remove();
  };
  note.hidden = false;
  window.addEventListener("message", ({ source }) => source === frame.contentWindow && end());
  window.addEventListener("blur", () => document.activeElement === frame && end());
  window.addEventListener("load", end);
  frame.addEventListener("load", end);
}

// Instructions that were closed on one task of a work stay closed on its next ones, as long as this tab is open.
function keepInstructions(frame) {
  const [, , group] = location.pathname.split("/");
  const key = `tukro:instructions-closed:${group}`;
  const give = () => {
    if (sessionStorage.getItem(key)) frame.contentWindow.postMessage({ type: "tukro:instructions", isOpen: false }, "*");
  };
  window.addEventListener("message", ({ source, data }) => {
    if (source !== frame.contentWindow || typeof data !== "object" || data === null) return;
    if (data.type === "tukro:instructions-asked") give();
    if (data.type !== "tukro:instructions" || typeof data.isOpen !== "boolean") return;
    if (data.isOpen) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, "yes");
  });
  give();
}

function goOn(address) {
  document.dispatchEvent(new Event("tukro:leaving")); // leave.js asks nothing
  window.location.assign(address);
}

function askOnReturn({ state, next }) {
  const ask = async () => {
    if (document.visibilityState === "hidden") return;
    const answer = await fetch(state).catch(() => null);
    if (answer?.ok && ["Submitted", "Approved"].includes((await answer.json()).state)) {
      goOn(next);
    }
  };
  document.addEventListener("visibilitychange", ask);
  window.addEventListener("focus", ask);
}
