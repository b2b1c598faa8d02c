// Where answers go: one object in a list of one, as MTurk's pages hand them in.

const PREVIEW = "ASSIGNMENT_ID_NOT_AVAILABLE";
const asked = new URLSearchParams(location.search);
const isPreview = asked.get("assignmentId") === PREVIEW;
// Where this script came from; the icons lie beside it.
const HOME = new URL(".", document.currentScript?.src ?? location.href).href;
let isSent = false;

// Hand in by an ordinary form, so that the house's answer page follows.
function send(answer) {
  if (isSent) return;
  isSent = true;
  const host = asked.get("turkSubmitTo");
  const sheet = make("form", {
    method: "post",
    action: host && /^https?:\/\//.test(host) ? `${host.replace(/\/+$/, "")}/mturk/externalSubmit` : location.href,
    hidden: true,
  });
  const fields = { assignmentId: asked.get("assignmentId") ?? "", ...serialized(answer) };
  sheet.append(...Object.entries(fields).map(([name, value]) => make("input", { type: "hidden", name, value })));
  document.body.append(sheet);
  sheet.submit();
}

function serialized(answer) {
  return { taskAnswers: JSON.stringify([answer]) };
}

// A page that is shown again from the browser's memory may be handed in again.
addEventListener("pageshow", () => {
  isSent = false;
});
