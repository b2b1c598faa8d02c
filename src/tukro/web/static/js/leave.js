// Asks before the page is left while something would be lost: a draft that has not reached us, a file that is still
// being sent, a recording that nobody has kept yet, work in a page on its requester's own server, of which we keep
// nothing. Everything else is kept, so nothing is asked.

let handsIn = false;
let workedElsewhere = false;

document.addEventListener("submit", () => (handsIn = true));
document.addEventListener("tukro:leaving", () => (handsIn = true));
document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-go-on]")) handsIn = true;
});
// Who goes into the frame of such a page works in it; more of it is not to be seen from here.
addEventListener("blur", () => {
  if (document.activeElement?.matches("iframe[data-state]")) workedElsewhere = true;
});
addEventListener("pageshow", () => (handsIn = false));
addEventListener("beforeunload", (event) => {
  if (!handsIn && wouldBeLost()) event.preventDefault();
});

function wouldBeLost() {
  return workedElsewhere || isUnsaved("[data-draft-status]") || isUnsaved("[data-frame-draft]") || isSending() || isRecording();
}

function isUnsaved(selector) {
  const status = document.querySelector(selector);
  if (!status?.textContent) return false;
  const { saving, unsaved, signedOut } = status.dataset;
  return [saving, unsaved, signedOut].includes(status.textContent);
}

function isSending() {
  return Boolean(document.querySelector("[data-files] > li:not([data-over]) progress"));
}

function isRecording() {
  return Boolean(document.querySelector("[data-recorder] :is([data-stop], [data-listen]):not([hidden])"));
}
