// Every page: small comforts that nothing depends on.

// An open menu closes when the person looks elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A form that was sent is not sent a second time by an impatient thumb. The server would refuse it anyway.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.target) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 4000);
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// What a browser says of an empty field, in the language of the page and not of the browser.
document.addEventListener("invalid", (event) => {
  const field = event.target;
  if (field.type !== "radio" && field.validity.valueMissing) {
    field.setCustomValidity(document.getElementById("content").dataset.missing);
    field.addEventListener("input", () => field.setCustomValidity(""), { once: true });
  }
}, true);

// A password can be looked at: on a phone nobody types one blindly. It is hidden again before it is sent.
for (const button of document.querySelectorAll(".show-password")) {
  const field = document.getElementById(button.getAttribute("aria-controls"));
  const turn = (type) => {
    if (field.type === type) return;
    field.type = type;
    [button.textContent, button.dataset.other] = [button.dataset.other, button.textContent];
  };
  button.hidden = false;
  button.addEventListener("click", () => turn(field.type === "password" ? "text" : "password"));
  field.form.addEventListener("submit", () => turn("password"));
}

// The browser's own control for files speaks the browser's language: a button and a line of ours take its place.
for (const box of document.querySelectorAll("[data-pick-file]")) {
  const input = box.querySelector("input[type=file]");
  const chosen = box.querySelector("[data-chosen]");
  const none = chosen.textContent;
  const tell = () => {
    const names = [...input.files].map((file) => file.name);
    chosen.textContent = names.join(", ") || none;
    chosen.translate = names.length === 0;
  };
  input.classList.add("visually-hidden");
  for (const ours of box.querySelectorAll("[data-pick], [data-chosen]")) ours.hidden = false;
  input.addEventListener("change", tell);
  input.form?.addEventListener("reset", () => setTimeout(tell));
  tell();
}
addEventListener("pageshow", () => {
  // A browser that comes back to a page may have kept the file.
  for (const input of document.querySelectorAll("[data-pick-file] input")) input.dispatchEvent(new Event("change", { bubbles: true }));
});

// A select or checkbox that filters a list applies itself.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-auto]");
  if (form && event.target.matches("select, input[type=checkbox], input[type=radio]")) form.requestSubmit();
});

// A row of tabs or sections wider than the screen shows the one that the page belongs to.
for (const link of document.querySelectorAll(":is(.tabs, .site-nav-row) a[aria-current]")) {
  link.scrollIntoView({ block: "nearest", inline: "center" });
}

// A form that came back with faults is worked on at the first of them, which on a phone may be far below.
const faulty = document.querySelector("main [aria-invalid=true]:not([type=hidden])");
if (faulty && document.activeElement === document.body) {
  faulty.focus({ preventScroll: true });
  faulty.scrollIntoView({ block: "center" });
}
