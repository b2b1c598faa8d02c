// The open list while it is looked at: says that something new came in, and shows it when the person wants.
// The server answers 304 from memory while nothing has changed; nobody is faster for asking more often.
const news = document.querySelector("[data-news]");
const EVERY = 15_000; // milliseconds
let newest = news?.dataset.news ?? "";
let waits = 0;

async function look() {
  if (document.hidden || !navigator.onLine) return;
  try {
    const answer = await fetch(news.dataset.from, { headers: { Accept: "application/json" }, cache: "no-cache" });
    if (answer.status === 429) waits = Number(answer.headers.get("Retry-After") ?? 60) * 1000;
    if (!answer.ok) return;
    const [first] = (await answer.json()).results;
    if (first && first.last_updated_time > newest) {
      newest = first.last_updated_time;
      news.hidden = false;
    }
  } catch {
    // No line at this moment: the next look comes.
  }
}

async function watch() {
  for (;;) {
    await new Promise((done) => setTimeout(done, EVERY + waits));
    waits = 0;
    if (!news.hidden) return;
    await look();
  }
}

if (news) {
  watch();
  document.addEventListener("visibilitychange", () => {
    if (news.hidden) look();
  });
}
