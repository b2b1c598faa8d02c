// Writing a project: what the server does on every button, without loading the page anew.

// The rows of a proof form: the same buttons, only their part of the page is exchanged.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("#proof-fields button[name=do]");
  if (!button) return;
  event.preventDefault();
  const form = button.form;
  const typed = new FormData(form, button);
  button.closest("#proof-fields").inert = true; // what is typed now would be lost with the rows that go
  const answer = await fetch(form.action, { method: "POST", body: typed });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("proof-fields");
  if (!answer.ok || !fresh) {
    form.requestSubmit(button);
    return;
  }
  document.getElementById("proof-fields").replaceWith(fresh);
  for (const row of fresh.querySelectorAll("[data-row]")) showWhatFits(row);
  focusAfter(button.value, fresh);
});

function focusAfter(pressed, fields) {
  const questions = fields.querySelectorAll("[data-row] input[name$=-label]");
  const [verb, no] = pressed.split("-");
  const place = { add: questions.length - 1, up: no - 1, down: Number(no) + 1 }[verb];
  (questions[place] ?? fields.querySelector("#proof-title")).focus();
}

// Only what fits the kind of a row is shown. Without this script everything is, and the server ignores the rest.
function showWhatFits(row) {
  const kind = row.querySelector("select[name$=-kind]").value;
  for (const part of row.querySelectorAll("[data-for]")) {
    part.hidden = !part.dataset.for.split(" ").includes(kind);
  }
}
for (const row of document.querySelectorAll("[data-row]")) showWhatFits(row);
document.addEventListener("change", (event) => {
  const row = event.target.closest("[data-row]");
  if (row && event.target.matches("select[name$=-kind]")) showWhatFits(row);
});

// The columns that the text calls for, while it is written. The server finds them by the same rule.
const VARIABLE = /\$\{[ \t]*([^\s{}$"'`<>()[\]=+*/?;:,&|!\\]+(?: +[^\s{}$"'`<>()[\]=+*/?;:,&|!\\]+)*)[ \t]*\}/g;
for (const shown of document.querySelectorAll("[data-variables-of]")) {
  const text = document.getElementById(shown.dataset.variablesOf);
  const list = shown.querySelector("[data-list]");
  text.addEventListener("input", () => {
    const names = [...new Set([...text.value.matchAll(VARIABLE)].map((match) => match[1].normalize("NFC")))];
    list.replaceChildren(
      ...names.map((name) => {
        const item = document.createElement("li");
        const badge = document.createElement("span");
        badge.className = "badge badge-accent code";
        badge.textContent = name;
        item.append(badge);
        return item;
      }),
    );
    shown.querySelector("[data-none]").hidden = names.length > 0;
  });
}

// A file that is too large is told before it is sent.
for (const input of document.querySelectorAll("input[type=file][data-limit]")) {
  input.addEventListener("change", () => {
    const tooLarge = [...input.files].some((file) => file.size > Number(input.dataset.limit));
    input.form.querySelector("[data-too-large]").hidden = !tooLarge;
    for (const button of input.form.querySelectorAll("button")) button.disabled = tooLarge;
  });
}
