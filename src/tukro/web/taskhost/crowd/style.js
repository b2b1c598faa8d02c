// The look that all elements share. They follow the page's own color-scheme: on a page that says nothing they
// are light, because its paper is.

const LOOK = new CSSStyleSheet();
LOOK.replaceSync(`
  :host {
    --paper: #fff; --sunken: #f2efe8; --ink: #1c2422; --muted: #5a6461; --line: #e4e0d7; --edge: #78817d;
    --accent: #0b655c; --accent-strong: #084c45; --accent-soft: #e3f0ec; --on-accent: #fff;
    --ok: #22632f; --ok-soft: #e4f1e4; --warn: #7a4b00; --warn-soft: #fbeecb;
    --bad: #a02a1f; --bad-soft: #fbe7e3; --info: #24507e; --info-soft: #e5eef8;
    --tap: 2.75rem; --round: .5rem;
    font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Bengali", sans-serif;
    color: var(--ink);
  }
  @supports (color: light-dark(#000, #fff)) {
    :host {
      --paper: light-dark(#fff, #182120); --sunken: light-dark(#f2efe8, #0c1110);
      --ink: light-dark(#1c2422, #e9edea); --muted: light-dark(#5a6461, #a5b0ac);
      --line: light-dark(#e4e0d7, #2a3533); --edge: light-dark(#78817d, #84918c);
      --accent: light-dark(#0b655c, #63cdbb); --accent-strong: light-dark(#084c45, #8fe0d1);
      --accent-soft: light-dark(#e3f0ec, #163530); --on-accent: light-dark(#fff, #06211d);
      --ok: light-dark(#22632f, #8fd69b); --ok-soft: light-dark(#e4f1e4, #17301c);
      --warn: light-dark(#7a4b00, #f0c465); --warn-soft: light-dark(#fbeecb, #35290b);
      --bad: light-dark(#a02a1f, #ffa899); --bad-soft: light-dark(#fbe7e3, #431c17);
      --info: light-dark(#24507e, #a3c8f2); --info-soft: light-dark(#e5eef8, #172c44);
    }
  }
  :host([hidden]), [hidden] { display: none !important; }
  *, ::before, ::after { box-sizing: border-box; }
  button, input, select, textarea { font: inherit; color: inherit; }
  button {
    min-block-size: var(--tap); min-inline-size: var(--tap); padding: .25rem 1rem; font-weight: 600; cursor: pointer;
    background: var(--paper); border: 1px solid var(--edge); border-radius: var(--round);
  }
  button:hover:not(:disabled) { background: var(--accent-soft); border-color: var(--accent); }
  button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
  button.primary:hover:not(:disabled) { background: var(--accent-strong); }
  button.link {
    background: none; border-color: transparent; color: var(--accent); text-decoration: underline; padding-inline: .25rem;
  }
  :disabled { cursor: not-allowed; }
  button:disabled { background: var(--sunken); border-color: var(--line); color: var(--muted); }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  h2 { font-size: 1.25rem; line-height: 1.3; margin: 0; }
  .problem { color: var(--bad); margin: .25rem 0 0; font-size: .9375rem; }
  .unseen {
    position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
  }
  dialog {
    color: var(--ink); background: var(--paper); border: 1px solid var(--edge); border-radius: var(--round);
    padding: 1rem; max-inline-size: min(40rem, calc(100vw - 2rem)); max-block-size: calc(100vh - 2rem); overflow: auto;
  }
  dialog::backdrop { background: rgb(0 0 0 / .5); }
`);
