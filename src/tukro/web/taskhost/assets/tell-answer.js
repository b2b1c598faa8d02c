// Inside a task's page: tells the site around it what the page hands in, at the moment when it does, so that the
// answer is not lost with the connection. The page goes its own way as ever.
(() => {
  const submit = HTMLFormElement.prototype.submit;

  function tell(form, submitter) {
    const given = (name) => submitter?.getAttribute?.(`form${name}`) ?? form.getAttribute(name) ?? "";
    const address = new URL(given("action") || location.href, document.baseURI);
    if (given("method").toLowerCase() !== "post" || address.origin !== location.origin) return;
    const fields = [...new FormData(form, submitter)].filter(([, value]) => typeof value === "string");
    const named = new Set(fields.map(([name]) => name));
    fields.unshift(...[...address.searchParams].filter(([name]) => !named.has(name)));
    parent.postMessage({ type: "tukro:handing-in", fields }, "*");
  }

  HTMLFormElement.prototype.submit = function () {
    tell(this);
    return submit.call(this);
  };
  addEventListener("submit", (event) => {
    if (!event.defaultPrevented) tell(event.target, event.submitter);
  });
})();
