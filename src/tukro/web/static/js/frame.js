// The site's side of a task frame: goes on to the next task when the frame proves that work was handed in.
//
// A task page is a stranger's and may send any message. Two things make one true: it comes from this very
// frame, and it carries the receipt, which only the house's own answer page knows.

for (const frame of document.querySelectorAll("iframe[data-receipt]")) {
  window.addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow) return;
    const told = event.data;
    if (typeof told !== "object" || told === null || told.type !== "tukro:handed-in") return;
    if (told.receipt !== frame.dataset.receipt) return;
    window.location.assign(frame.dataset.next);
  });
}
