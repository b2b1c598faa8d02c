// Inside a task's page: tells the site around it what is typed, and puts back what was typed before.
// What may be told is what the page itself would hand in; the site keeps it under this assignment alone.
(() => {
  const OURS = new Set(["assignmentId", "hitId", "workerId", "turkSubmitTo", "csrfmiddlewaretoken"]);
  let timer = 0;
  let touched = false;

  function fields() {
    const found = [];
    for (const form of document.forms) {
      for (const [name, value] of new FormData(form)) {
        if (typeof value === "string" && !OURS.has(name)) found.push([name, value]);
      }
    }
    return found;
  }

  function typed() {
    touched = true;
    clearTimeout(timer);
    timer = setTimeout(() => parent.postMessage({ type: "tukro:draft", fields: fields() }, "*"), 1000);
  }

  function put(kept) {
    const values = new Map();
    for (const [name, value] of kept) values.set(name, [...(values.get(name) ?? []), value]);
    for (const form of document.forms) {
      for (const control of form.elements) {
        const given = values.get(control.name || control.getAttribute?.("name"));
        if (!given || OURS.has(control.name)) continue;
        set(control, given.flatMap((value) => (control.type === "checkbox" ? value.split("|") : [value])));
      }
    }
  }

  function set(control, given) {
    if (["file", "hidden", "submit", "button", "image", "password", "fieldset"].includes(control.type)) return;
    if (control.type === "radio" || control.type === "checkbox") control.checked = given.includes(control.value);
    else if (control.type === "select-multiple") {
      for (const option of control.options) option.selected = given.includes(option.value);
    } else {
      try {
        control.value = given[0];
      } catch {
        return; // an element of the page's own that takes no text
      }
    }
    for (const kind of ["input", "change"]) control.dispatchEvent(new Event(kind, { bubbles: true }));
  }

  // Asked for when this page is there, and again when the site is, which a slow network may bring later.
  const ask = () => parent.postMessage({ type: "tukro:draft-wanted" }, "*");

  addEventListener("message", ({ source, data }) => {
    if (source !== parent || touched) return;
    if (data?.type === "tukro:site-ready" && document.readyState === "complete") ask();
    if (data?.type !== "tukro:kept") return;
    put(data.fields);
    clearTimeout(timer);
    touched = false;
  });
  addEventListener("load", () => {
    ask();
    document.addEventListener("input", typed, true);
    document.addEventListener("change", typed, true);
    document.addEventListener("submit", () => clearTimeout(timer), true);
  });
})();
