// A worker's page while it is looked at: hears what changes (docs/worker-api.md, News) and keeps its counters
// right. Where nothing can be heard the page stays as it came, and the open list asks from time to time.
const told = document.querySelector("meta[name=news]");
const LEFT_FOR = 10_000; // milliseconds that a hidden page still listens
const AGAIN = 60_000; // after a refusal: the house is full, or the person listens in many places
const client = `${Math.random()}`.slice(2); // a line of this page that died unnoticed gives its place up
let stream, last = "", leaving;

function listen() {
  clearTimeout(leaving);
  if (stream || document.hidden) return;
  stream = new EventSource(`${told.content}/news?client=${client}&last_event_id=${last}`, { withCredentials: true });
  stream.onopen = () => say("live", true);
  stream.onerror = () => {
    say("live", false);
    if (stream?.readyState !== EventSource.CLOSED) return; // the browser comes back by itself
    stream = undefined;
    setTimeout(listen, AGAIN);
  };
  for (const [topic, act] of Object.entries({ list, queue, notices, end: leave })) {
    stream.addEventListener(topic, (event) => {
      last = event.lastEventId || last;
      act(JSON.parse(event.data));
    });
  }
}

function leave() {
  stream?.close();
  stream = undefined;
  say("live", false);
}

// To the page's own scripts (list.js).
function say(name, detail) {
  document.dispatchEvent(new CustomEvent(`news:${name}`, { detail }));
}

function list(data) {
  say("list", data);
}

function notices({ unread }) {
  count(document.querySelector(".bell"), unread, told.dataset.unread);
}

function queue({ tasks }) {
  for (const link of document.querySelectorAll('nav a[href="/tasks"]')) count(link, tasks.length, told.dataset.queue);
  const page = document.querySelector("[data-queue-shown]");
  const now = tasks.map((one) => `${one.assignment_id} ${one.state}`);
  if (page) page.hidden = now.sort().join() === page.dataset.queueShown.split(",").sort().join();
}

// The number at the corner of an icon, and the words for who does not see it.
function count(link, number, words) {
  for (const part of link.querySelectorAll("[data-count]")) part.remove();
  if (!number) return;
  const shown = digits(number > 99 ? "99+" : `${number}`);
  link.append(part("bell-count", shown, true), part("visually-hidden", words.replace("{count}", digits(`${number}`))));
}

function part(style, text, unspoken) {
  const made = document.createElement("span");
  made.className = style;
  made.dataset.count = "";
  made.textContent = text;
  if (unspoken) made.setAttribute("aria-hidden", "true");
  return made;
}

function digits(text) {
  return text.replace(/[0-9]/g, (digit) => told.dataset.digits[digit]);
}

// The session's cookie goes to the site's own name only; and who saves data is not kept on the line.
if (told && new URL(told.content).hostname === location.hostname && !navigator.connection?.saveData) {
  addEventListener("pagehide", leave);
  addEventListener("pageshow", listen);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) leaving = setTimeout(leave, LEFT_FOR);
    else listen();
  });
  if (document.readyState === "complete") listen();
}
