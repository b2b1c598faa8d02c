// Asks before the page is left while something would be lost: a draft that has not reached us, a file that is still
// being sent, a recording that nobody has kept yet. Everything else is kept, so nothing is asked.

let handsIn = false;

document.addEventListener("submit", () => (handsIn = true));
addEventListener("message", ({ data }) => {
  if (data?.type === "tukro:handed-in") handsIn = true;
});
addEventListener("pageshow", () => (handsIn = false));
addEventListener("beforeunload", (event) => {
  if (!handsIn && wouldBeLost()) event.preventDefault();
});

function wouldBeLost() {
  return isUnsaved("[data-draft-status]") || isUnsaved("[data-frame-draft]") || isSending() || isRecording();
}

function isUnsaved(selector) {
  const status = document.querySelector(selector);
  return Boolean(status?.textContent) && [status.dataset.unsaved, status.dataset.saving].includes(status.textContent);
}

function isSending() {
  return Boolean(document.querySelector("[data-files] > li:not([data-over]) progress"));
}

function isRecording() {
  return Boolean(document.querySelector("[data-recorder] :is([data-stop], [data-listen]):not([hidden])"));
}
