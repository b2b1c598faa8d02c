// The open list while it is looked at: says how much new work came in, and shows it when the person wants.
// It looks when the news say so (news.js); where nothing is heard, from time to time: the server answers 304 from
// memory while nothing has changed, and nobody is faster for asking more often.
const news = document.querySelector("[data-news]");
const EVERY = 15_000; // milliseconds
let waits = 0;
let live = false; // whether the news are heard

async function look() {
  if (document.hidden || !navigator.onLine) return;
  try {
    const answer = await fetch(news.dataset.from, { headers: { Accept: "application/json" }, cache: "no-cache" });
    if (answer.status === 429) waits = Number(answer.headers.get("Retry-After") ?? 60) * 1000;
    if (!answer.ok) return;
    const { results, next_cursor: more } = await answer.json();
    const fresh = results.filter((group) => group.last_updated_time > news.dataset.news).length;
    if (fresh) show(fresh, more && fresh === results.length);
  } catch {
    // No line at this moment: the next look comes.
  }
}

function show(fresh, more) {
  const number = `${fresh}${more ? "+" : ""}`.replace(/[0-9]/g, (digit) => news.dataset.digits[digit]);
  news.querySelector("[data-words]").textContent = news.querySelector("[data-words]").dataset.words.replace("{count}", number);
  news.hidden = false;
}

async function watch() {
  for (;;) {
    await new Promise((done) => setTimeout(done, EVERY + waits));
    waits = 0;
    if (!live && news.hidden) await look();
  }
}

if (news) {
  watch();
  document.addEventListener("visibilitychange", () => {
    if (news.hidden && !live) look();
  });
  document.addEventListener("news:live", ({ detail }) => (live = detail));
  document.addEventListener("news:list", ({ detail }) => {
    if (detail.newest > news.dataset.news) look();
  });
}
