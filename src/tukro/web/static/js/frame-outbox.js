// What a task's page in its frame hands in, kept on this device until we know that it arrived. The page tells it
// (taskhost/assets/tell-answer.js) and posts it itself; where that post is lost with the connection, it goes
// from here like every other answer (outbox.js, device.js). The market takes an answer once.

const PATIENCE = 8000; // after so long without a word the answer is kept, and sent from here
const A_MOMENT = 700; // between the frame's "load" and the word of the page that was loaded
const MOST_FIELDS = 1000;
const MOST_LETTERS = 1_048_576;

for (const frame of document.querySelectorAll("iframe[data-keep-at]")) watch(frame);

function watch(frame) {
  let answer = null; // what was handed in, and of which nothing is known yet
  let timer = 0;

  stillWaiting();
  addEventListener("message", ({ source, data }) => {
    if (source !== frame.contentWindow || typeof data !== "object" || data === null) return;
    if (data.type === "tukro:handing-in" && isAnswer(data.fields)) begin(data.fields);
    else if (data.type === "tukro:answered") end();
    else if (data.type === "tukro:handed-in" && data.receipt === frame.dataset.receipt) arrived();
  });
  frame.addEventListener("load", () => {
    if (answer) later(A_MOMENT);
  });
  addEventListener("pagehide", () => {
    if (answer) outbox.keep(answer).catch(() => {});
  });

  function begin(fields) {
    const { assignment, keepAt, title } = frame.dataset;
    const { person } = document.documentElement.dataset;
    answer = { id: assignment, person, title, url: keepAt, page: location.href, fields };
    later(navigator.onLine ? PATIENCE : A_MOMENT);
  }

  function end() {
    clearTimeout(timer);
    answer = null;
  }

  function arrived() {
    const { assignment } = frame.dataset;
    end();
    outbox.forget(assignment).catch(() => {});
  }

  function later(pause) {
    clearTimeout(timer);
    timer = setTimeout(keep, pause);
  }

  async function keep() {
    const kept = answer;
    end();
    if (!kept) return;
    await outbox.keep(kept).catch(() => {});
    wait();
    document.dispatchEvent(new Event("tukro:kept"));
  }

  // The page opens again, as without a network, while its answer waits: there is nothing to do in the frame.
  async function stillWaiting() {
    const { person } = document.documentElement.dataset;
    const waiting = await outbox.of(person).catch(() => []);
    if (waiting.some(({ id, refused, faulty }) => id === frame.dataset.assignment && !refused && !faulty)) wait();
  }

  function wait() {
    frame.dataset.waits = "";
    frame.hidden = true;
  }
}

// The page is a stranger's: what it tells is its own answer and nothing else.
function isAnswer(fields) {
  return (
    Array.isArray(fields) &&
    fields.length <= MOST_FIELDS &&
    fields.every((one) => Array.isArray(one) && one.length === 2 && one.every((text) => typeof text === "string")) &&
    fields.every(([name]) => !name.startsWith(":")) &&
    fields.reduce((sum, [name, value]) => sum + name.length + value.length, 0) <= MOST_LETTERS
  );
}
