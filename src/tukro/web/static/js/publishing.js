// The page of a batch that is being published: the bar moves, and the page comes anew when all tasks are made.
const shown = document.querySelector("[data-progress]");
const bar = shown.querySelector("progress");
const words = shown.querySelector("[data-words]");

async function look() {
  try {
    const answer = await fetch(shown.dataset.progress, { headers: { Accept: "application/json" } });
    const told = await answer.json();
    if (told.state !== "publishing") {
      location.reload();
      return;
    }
    bar.value = told.percent;
    words.textContent = told.words;
  } catch {
    // A lost connection comes back; the next look tells.
  }
  setTimeout(look, 1500);
}
setTimeout(look, 1500);
