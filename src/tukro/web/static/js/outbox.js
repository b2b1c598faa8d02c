// Answers that were handed in and have not arrived yet, kept in this browser's database: for pages and for the
// service worker. An answer is kept under its assignment, so that sending it twice hands it in once. And the token
// that shows that what is sent comes from here.
"use strict";

self.outbox = (() => {
  const STORE = "answers";

  function open() {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open("tukro", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  async function within(mode, act) {
    const base = await open();
    try {
      return await new Promise((resolve, reject) => {
        const done = base.transaction(STORE, mode);
        const asked = act(done.objectStore(STORE));
        done.oncomplete = () => resolve(asked.result);
        done.onerror = done.onabort = () => reject(done.error);
      });
    } finally {
      base.close();
    }
  }

  const keep = (answer) => within("readwrite", (store) => store.put(answer));
  const forget = (id) => within("readwrite", (store) => store.delete(id));
  const all = () => within("readonly", (store) => store.getAll());
  const of = async (person) => (await all()).filter((answer) => answer.person === person);

  // As it is at this moment: signing in again, in another window, brings another one. The service worker has no
  // document; there not every browser tells.
  async function token() {
    if (self.document) return document.cookie.match(/(?:^|; )csrftoken=([^;]*)/)?.[1] ?? "";
    return (await self.cookieStore?.get("csrftoken"))?.value ?? "";
  }

  // One attempt. Answers what became of it:
  //   {done, next}        the market has it
  //   {faulty}            the form says no; sent as an ordinary form, the page shows where
  //   {refused: words}    it will never be taken
  //   {later, signIn}     it did not arrive, or not under this person's name: try again
  async function send(answer) {
    const body = new FormData();
    for (const [name, value] of answer.fields) body.append(name, value);
    let told;
    try {
      told = await fetch(answer.url, {
        method: "POST",
        body,
        headers: { Accept: "application/json", "Tukro-Outbox": "1", "X-CSRFToken": await token() },
      });
      if (told.status === 422) return { faulty: true };
      const said = await told.json();
      if (told.ok) return { done: true, next: said.next };
      if (told.status === 401) return { later: true, signIn: true };
      if (told.status === 403 || told.status === 429 || told.status >= 500) return { later: true };
      return { refused: said.message };
    } catch {
      return { later: true };
    }
  }

  // Send everything that waits; what came of each is kept with it. Answers whether something still waits.
  async function flush(person) {
    let waits = false;
    for (const answer of await of(person)) {
      if (answer.refused) continue;
      // Only the press of the button itself goes on to another task.
      answer.fields = answer.fields.filter(([name]) => name !== ":accept_next");
      const came = await send(answer);
      if (came.done) {
        await forget(answer.id);
        await self.caches?.open("tukro-work").then((kept) => kept.delete(answer.page));
      } else if (came.faulty) {
        await keep({ ...answer, faulty: true });
      } else if (came.refused) {
        await keep({ ...answer, refused: came.refused });
      } else {
        waits = true;
        await keep({ ...answer, signIn: Boolean(came.signIn) });
      }
    }
    return waits;
  }

  return { keep, forget, of, token, send, flush };
})();
