// Drafts of the work page: every letter is kept on this device at once, and with us a moment later. The newer of
// the two is what the page shows. Without this script the form works as it is.

const SECOND = 1000;
const PAUSE = 1.5 * SECOND;
const RETRY = 8 * SECOND;

for (const form of document.querySelectorAll("form[data-draft]")) keepDraft(form);

function keepDraft(form) {
  const status = form.querySelector("[data-draft-status]");
  const { person } = document.documentElement.dataset;
  const name = `tukro:draft:${person}:${form.dataset.assignment}`;
  // Phones' clocks are wrong by minutes: moments are told by the server's clock.
  const ahead = Number(document.documentElement.dataset.kept ?? Date.now()) - Date.parse(form.dataset.now);
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
      body.set("csrfmiddlewaretoken", await outbox.token()); // not the form's, which may be old
      // A request that outlives its page may carry 64 kB at most.
      const keepalive = String(body).length < 60_000;
      // As JSON: a session that ended is said, where a browser would follow to the page for signing in.
      const headers = { Accept: "application/json" };
      const answer = await fetch(form.dataset.draft, { method: "POST", body, headers, keepalive });
      if (answer.status === 409) {
        drop(name);
        return say("closed");
      }
      // Nobody, or somebody else, is signed in: what stands on this device waits for its person.
      if ([401, 403, 404].includes(answer.status)) return say("signedOut");
      if (!answer.ok) throw new Error(answer.status);
      if (changed) return;
      drop(name);
      say("saved");
    } catch {
      say("unsaved");
      later(RETRY);
    }
  };
  const keep = (pause) => {
    changed = true;
    put(name, { at: Date.now() - ahead, fields: [...answers(form)] });
    later(pause);
  };
  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  };

  restore();
  form.addEventListener("input", (event) => {
    if (event.target.type === "file" || event.target.name.startsWith(":")) return;
    keep(PAUSE);
  });
  addEventListener("online", () => {
    if (get(name)) later(0);
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

  function restore() {
    // What was handed in and refused is on this page only.
    if ("page" in form.dataset) return keep(0);
    const kept = get(name);
    if (!kept) return;
    if (kept.at <= Date.parse(form.dataset.draftSaved ?? 0)) return drop(name);
    fill(form, kept.fields);
    say("restored");
    later(0);
  }
}

function answers(form) {
  const data = new FormData(form);
  for (const [name, value] of [...data]) {
    if (value instanceof File) data.delete(name);
  }
  return new URLSearchParams(data);
}

function fill(form, fields) {
  const typed = grouped(fields);
  for (const control of form.elements) {
    if (!control.name || control.name.startsWith(":") || control.name === "csrfmiddlewaretoken") continue;
    const values = (typed.get(control.name) ?? []).map(([, value]) => value);
    if (control.type === "radio" || control.type === "checkbox") control.checked = values.includes(control.value);
    else if (control.type === "select-multiple") {
      for (const option of control.options) option.selected = values.includes(option.value);
    } else if (["file", "hidden", "submit", "button"].includes(control.type)) continue;
    else if (values.length) control.value = values[0];
  }
}

function grouped(fields) {
  const found = new Map();
  for (const field of fields) found.set(field[0], [...(found.get(field[0]) ?? []), field]);
  return found;
}

// --- this browser's own memory, which may be closed to us ---

function get(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

function put(name, draft) {
  try {
    localStorage.setItem(name, JSON.stringify(draft));
  } catch {
    // Full or closed: the server's draft is what there is.
  }
}

function drop(name) {
  try {
    localStorage.removeItem(name);
  } catch {
    // Nothing was kept.
  }
}
