// Inside a task's page: tells the site around it how tall the page is, so that nobody scrolls in two places.
(() => {
  const A_WHILE = 500; // ms that a page stays shorter before its frame follows: nothing jumps while somebody works
  const MOST_GROWTHS = 4; // a page may become longer while its frame grows, but not each time
  let width = innerWidth;
  let follows = false; // a page that is made as tall as its window grows with every frame: it stays as it is
  let least = 0; // the lowest frame that shows all; what a page lays over itself is not in its own height
  let shrunk = 0; // to what the frame was shrunk last
  let grown = 0; // how often in a row the frame grew and was too short again
  let later = 0;

  const missing = () => document.documentElement.scrollHeight - innerHeight;
  const isOld = document.compatMode === "BackCompat"; // no doctype: the body is never shorter than its window
  const own = () => Math.max(Math.ceil(isOld ? content() : document.documentElement.getBoundingClientRect().height), least);
  const say = (height) => parent.postMessage({ type: "tukro:height", height }, "*");
  const tell = () => {
    clearTimeout(later);
    if (follows) return;
    if (missing() > 0) say(innerHeight + missing());
    else if (own() < innerHeight - 8) later = setTimeout(shrink, A_WHILE);
  };

  // Down to the end of what stands in the body.
  function content() {
    const { body } = document;
    const all = document.createRange();
    all.selectNodeContents(body);
    const below = (part, name) => (part ? parseFloat(getComputedStyle(part)[name]) || 0 : 0);
    const end = below(body.lastElementChild, "marginBottom") + below(body, "paddingBottom") + below(body, "marginBottom");
    return all.getBoundingClientRect().bottom + scrollY + end;
  }

  function shrink() {
    if (missing() > 0 || own() >= innerHeight) return tell();
    shrunk = own();
    say(shrunk);
  }

  const sayHere = () => parent.postMessage({ type: "tukro:here" }, "*"); // its pictures may take long; all else can be seen
  sayHere();

  addEventListener("resize", () => {
    if (innerWidth !== width) least = grown = 0;
    else if (missing() <= 0) grown = 0;
    else if (Math.abs(innerHeight - shrunk) <= 1 && own() <= innerHeight) least = innerHeight + missing();
    else follows = (grown += 1) > MOST_GROWTHS;
    width = innerWidth;
    tell();
  });
  // The site may be there later than this page, and has then heard neither that it is here nor how tall it is.
  addEventListener("message", ({ source, data }) => {
    if (source !== parent || data?.type !== "tukro:site-ready") return;
    sayHere();
    if (document.readyState === "complete") tell();
  });
  addEventListener("load", () => {
    tell();
    const observer = new ResizeObserver(tell);
    for (const part of [document.body, ...(isOld ? document.body.children : [])]) observer.observe(part);
  });
})();
