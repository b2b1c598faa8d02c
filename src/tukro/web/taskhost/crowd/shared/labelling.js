// Needs: shared/colours.js
// What elements with labels share: the row of labels and their keys, the table of keys, what is said.

const DIGIT_KEYS = ["Digit1", "Digit2", "Digit3", "Digit4", "Digit5", "Digit6", "Digit7", "Digit8", "Digit9", "Digit0"];
const LABELLING_STYLE = `
  .labels, .tools { display: flex; flex-wrap: wrap; gap: .375rem; align-items: center; }
  .label { display: flex; gap: .5rem; align-items: center; text-align: start; padding-inline: .625rem; overflow-wrap: anywhere; }
  .label[aria-pressed="true"], .tool[aria-pressed="true"] {
    background: var(--accent-soft); border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent);
  }
  .swatch { flex: none; inline-size: 1.125rem; block-size: 1.125rem; border: 2px solid var(--ink); border-radius: .25rem; }
  kbd {
    font: inherit; font-size: .875rem; padding: 0 .375rem; border: 1px solid var(--edge); border-radius: .25rem; background: var(--paper);
  }
  @media (pointer: coarse) { .label kbd { display: none; } }
  @media (hover: none) and (pointer: coarse) { .keys { display: none; } }
  .tool { padding: 0; inline-size: var(--tap); display: grid; place-items: center; }
  .tool path { fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
  .gap { inline-size: .5rem; }
  .hint, .said { margin: 0; color: var(--muted); font-size: .9375rem; }
  .said { min-block-size: 1.6em; color: var(--ink); overflow-wrap: anywhere; }
  .keys { font-size: .9375rem; }
  .keys summary { cursor: pointer; min-block-size: var(--tap); align-content: center; }
  .keys dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem .75rem; margin: 0; }
  .keys dd { margin: 0; }
`;

// The number of the label, counted from 0, whose key this is; -1 when it is none.
function digitOf({ code, shiftKey }) {
  return shiftKey ? -1 : DIGIT_KEYS.indexOf(code);
}

// The button of label number `no`; `name` is what it is called on the page.
function labelButton({ label, name, no, colour, isChosen }, press) {
  const swatch = make("span", { class: "swatch", "aria-hidden": "true" });
  swatch.style.background = colour;
  const key = no < 10 && make("kbd", { "aria-hidden": "true" }, inDigits((no + 1) % 10));
  const facts = { type: "button", class: "label", "data-key": `label-${label}`, "aria-pressed": String(isChosen), onclick: press };
  if (no < 10) facts["aria-keyshortcuts"] = String((no + 1) % 10);
  return make("button", facts, swatch, make("span", {}, name), key);
}

function keyTable(rows) {
  const parts = rows.flatMap(([keys, what]) => [
    make("dt", {}, ...keys.map((key) => make("kbd", {}, key)).flatMap((key, no) => (no ? [" ", key] : [key]))),
    make("dd", {}, what),
  ]);
  return make("details", { class: "keys", lang: language }, make("summary", {}, words.draw_keys), make("dl", {}, ...parts));
}

// New children; the part that had the focus, known by its data-key, keeps it.
function refill(parent, children) {
  const key = parent.getRootNode().activeElement?.dataset?.key;
  parent.replaceChildren(...children);
  if (key) [...parent.querySelectorAll("[data-key]")].find((part) => part.dataset.key === key)?.focus();
}
