// The service worker: keeps the shell of the site, the work pages that are in the worker's hands, and nothing
// else; shows pushed notices; sends answers that wait. Before this text stand VERSION, SHELL, OFFLINE, OUTBOX
// and ICON, which the server knows.
"use strict";

importScripts(OUTBOX);

const FILES = `tukro-files-${VERSION}`; // what is the same for everybody
const WORK = "tukro-work"; // pages of the person who is signed in here; gone when another one is
const STATE = "tukro-state"; // who that is, and in which language
const WORK_KEPT = 12;
const WORK_PAGE = /^\/projects\/[^/]+\/tasks\/[^/]+$/;
const HASHED = /^\/static\/.*\.[0-9a-f]{12}\.[a-z0-9]+$/;

self.addEventListener("install", (event) => {
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOld().then(() => self.clients.claim()));
});

async function fill() {
  const files = await caches.open(FILES);
  await files.addAll(SHELL);
  // Without cookies: these pages are nobody's.
  await Promise.all(
    Object.values(OFFLINE).map(async (path) => {
      await files.put(path, await fetch(path, { credentials: "omit", cache: "reload" }));
    }),
  );
}

// No page is ever served from an old shell: pages come from the server and name the files that they are made
// for, so a new version takes over at once.
async function dropOld() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("tukro-files-") && name !== FILES);
  await Promise.all(old.map((name) => caches.delete(name)));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (/^\/account\/(login|logout|signup)\//.test(url.pathname)) event.waitUntil(caches.delete(WORK));
  if (request.method !== "GET") return;
  if (HASHED.test(url.pathname)) event.respondWith(file(request));
  else if (url.pathname.startsWith("/static/")) event.respondWith(fetch(request).catch(() => fromFiles(request)));
  else if (request.mode === "navigate" && request.destination === "document") {
    event.respondWith(visit(request, url, event));
  }
});

// A file whose name changes with its content never goes stale.
async function file(request) {
  const files = await caches.open(FILES);
  const kept = await files.match(request.url);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok && answer.type === "basic") await files.put(request.url, answer.clone());
  return answer;
}

async function fromFiles(request) {
  return (await caches.match(request.url, { cacheName: FILES })) ?? Response.error();
}

async function visit(request, url, event) {
  const isWork = WORK_PAGE.test(url.pathname) && url.searchParams.has("assignment_id");
  try {
    const answer = await fetch(request);
    if (isWork && answer.ok && !answer.redirected) event.waitUntil(keepWork(request.url, answer.clone()));
    return answer;
  } catch {
    const kept = isWork && (await caches.match(request.url, { cacheName: WORK }));
    return kept || offlinePage();
  }
}

// The page that somebody is working on opens without a network, too. It says when it was fetched, so that its
// clock runs right.
async function keepWork(address, answer) {
  const work = await caches.open(WORK);
  const text = (await answer.text()).replace("<html ", `<html data-kept="${Date.now()}" `);
  await work.delete(address);
  await work.put(address, new Response(text, { headers: headersOf(answer) }));
  const kept = await work.keys();
  await Promise.all(kept.slice(0, Math.max(0, kept.length - WORK_KEPT)).map((old) => work.delete(old)));
}

function headersOf(answer) {
  const kept = ["content-type", "content-security-policy", "content-language", "referrer-policy"];
  return kept.filter((name) => answer.headers.has(name)).map((name) => [name, answer.headers.get(name)]);
}

async function offlinePage() {
  const { language } = await state();
  return (await caches.match(OFFLINE[language] ?? OFFLINE.bn)) ?? Response.error();
}

// --- who is here ---

self.addEventListener("message", (event) => event.waitUntil(meet(event.data)));

async function meet({ person, language }) {
  const before = await state();
  if (before.person !== person) await caches.delete(WORK);
  await (await caches.open(STATE)).put("/state", Response.json({ person, language }));
}

async function state() {
  const kept = await caches.match("/state", { cacheName: STATE });
  return kept ? kept.json() : { person: "", language: "" };
}

// --- answers that wait, when the page is closed ---

self.addEventListener("sync", (event) => {
  if (event.tag === "answers") event.waitUntil(sendWaiting());
});

async function sendWaiting() {
  const { person } = await state();
  if (!person || !(await outbox.token())) return;
  if (await outbox.flush(person)) throw new Error("some still wait"); // asks to be called again
}

// --- notices ---

self.addEventListener("push", (event) => {
  const { title, body, url, tag, lang } = event.data?.json() ?? {};
  if (!title) return;
  const shown = { body, tag, lang, dir: "ltr", icon: ICON, badge: ICON, data: { url } };
  event.waitUntil(self.registration.showNotification(title, shown));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data?.url ?? "/", self.location.origin);
  if (url.origin === self.location.origin) event.waitUntil(goTo(url.href));
});

async function goTo(address) {
  const [window] = await self.clients.matchAll({ type: "window" });
  if (!window) return self.clients.openWindow(address);
  await window.focus();
  return window.navigate(address);
}

self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event.oldSubscription)));

async function renew(old) {
  if (!old) return;
  const subscription = await self.registration.pushManager.subscribe(old.options);
  await fetch("/account/notices/push/renew", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ old: old.endpoint, subscription }),
  });
}
