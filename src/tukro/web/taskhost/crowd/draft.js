// Drafts: the page around keeps what is filled in, and gives it back when this page is opened again.
//
// This page cannot keep anything itself: it has no storage and may send nothing but its answer. So it tells the
// site's page, which keeps the draft with the worker's account (static/js/frame.js).

const DRAFT_PAUSE = 400;

// `gather` gives the answer as it stands, `restore` takes one up; `root` is where the worker changes things.
function keepDraft(root, gather, restore) {
  if (isPreview || parent === window) return;
  let timer = 0;
  let isTouched = false;
  const tell = () => parent.postMessage({ type: "tukro:draft", ...serialized(gather()) }, "*");
  const touched = () => {
    isTouched = true;
    clearTimeout(timer);
    timer = setTimeout(tell, DRAFT_PAUSE);
  };
  for (const kind of ["input", "change"]) root.addEventListener(kind, touched);
  addEventListener("message", (event) => {
    if (event.source !== parent || event.data?.type !== "tukro:draft" || isTouched) return;
    const kept = relaxed(event.data.taskAnswers);
    if (Array.isArray(kept) && isObject(kept[0])) whenReady(() => restore(kept[0]));
  });
  whenReady(() => parent.postMessage({ type: "tukro:draft-asked" }, "*"));
}

// Put answers back under their names, elements' and plain fields' alike. What is not in them was left empty.
function putBack(controls, answers) {
  const used = new Map();
  for (const control of controls) {
    const name = control.getAttribute("name") || control.constructor.ownName;
    if (!name) continue;
    const answer = Object.hasOwn(answers, name) ? answers[name] : undefined;
    if (control instanceof CrowdElement) {
      if (answer !== undefined) control.restore(answer);
      else if ("placeholder" in control) control.restore("");
      control.check();
      continue;
    }
    // Fields of one name have their texts in a list, in their order.
    const at = used.get(name) ?? 0;
    used.set(name, at + 1);
    putBackPlain(control, Array.isArray(answer) && control.type !== "select-multiple" ? answer[at] : answer);
  }
}

function putBackPlain(field, answer) {
  if (["hidden", "file", "submit", "button", "reset", "image", "fieldset", "output"].includes(field.type)) return;
  if (field.type === "checkbox" || field.type === "radio") field.checked = isObject(answer) && answer[field.value] === true;
  else if (field.type === "select-multiple") {
    for (const option of field.options) option.selected = Array.isArray(answer) && answer.includes(option.value);
  } else field.value = typeof answer === "string" ? answer : "";
}
