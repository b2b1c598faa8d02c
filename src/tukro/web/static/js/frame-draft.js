// The draft of a task's page in its frame: the page tells what is typed, the site keeps it, and gives it back to
// the page when it is opened again. The page is a stranger's: what it tells is text of its own task, kept
// under this assignment; how often and how much is decided here.

const PAUSE = 2000;
const MOST_FIELDS = 500;
const MOST_LETTERS = 200_000;

for (const frame of document.querySelectorAll("iframe[data-draft]")) keep(frame);

function keep(frame) {
  const status = document.querySelector("[data-frame-draft]");
  let waiting = null;
  let saving = false;
  let last = frame.dataset.kept;

  const say = (what) => {
    status.textContent = what ? status.dataset[what] : "";
    status.dataset.state = what;
  };
  const save = async () => {
    if (saving || !waiting) return;
    const fields = waiting;
    waiting = null;
    saving = true;
    const body = new URLSearchParams(fields);
    // As JSON: a session that ended is said, where a browser would follow to the page for signing in.
    const headers = { Accept: "application/json", "X-CSRFToken": await outbox.token() };
    const answer = await fetch(frame.dataset.draft, { method: "POST", body, headers }).catch(() => null);
    if (answer?.ok) say("saved");
    else if (answer?.status === 409) return say("");
    else {
      waiting ??= fields;
      say([401, 403, 404].includes(answer?.status) ? "signedOut" : "unsaved");
    }
    setTimeout(() => {
      saving = false;
      save();
    }, PAUSE);
  };

  addEventListener("message", ({ source, data }) => {
    if (source !== frame.contentWindow || typeof data !== "object" || data === null) return;
    if (data.type === "tukro:draft-wanted") {
      const fields = JSON.parse(frame.dataset.kept);
      if (fields.length) source.postMessage({ type: "tukro:kept", fields }, "*"); // its origin is opaque
    } else if (data.type === "tukro:draft" && isDraft(data.fields)) {
      const now = JSON.stringify(data.fields);
      if (now === last) return;
      last = now;
      waiting = data.fields;
      say("saving");
      save();
    }
  });
  frame.contentWindow.postMessage({ type: "tukro:site-ready" }, "*"); // its page may have asked before
}

function isDraft(fields) {
  return (
    Array.isArray(fields) &&
    fields.length <= MOST_FIELDS &&
    fields.every((one) => Array.isArray(one) && one.length === 2 && one.every((text) => typeof text === "string")) &&
    fields.every(([name]) => !name.startsWith(":") && name !== "csrfmiddlewaretoken") &&
    fields.reduce((sum, [name, value]) => sum + name.length + value.length, 0) <= MOST_LETTERS
  );
}
