// A button that copies a block of text; without this script the block is selected by hand.
for (const place of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  place.hidden = false;
  place.querySelector("button").addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(place.dataset.copy).textContent);
    place.querySelector("[data-copied]").hidden = false;
  });
}
