// Inside a task's page: tells the site around it how tall the page is, so that nobody scrolls in two places.
(() => {
  let width = innerWidth;
  let follows = false; // a page that is made as tall as its window grows with every frame: it stays as it is

  const missing = () => document.documentElement.scrollHeight - innerHeight;
  const tell = () => {
    if (!follows && missing() > 0) parent.postMessage({ type: "tukro:height", height: innerHeight + missing() }, "*");
  };

  addEventListener("resize", () => {
    if (innerWidth === width && missing() > 0) follows = true;
    width = innerWidth;
    tell();
  });
  addEventListener("load", () => {
    tell();
    new ResizeObserver(tell).observe(document.body);
  });
})();
