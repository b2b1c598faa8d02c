// A link or a button that opens a window of the page.

class OpenerElement extends CrowdElement {
  static formAssociated = false;
  static takes = { "link-text": "text", "link-type": "text", opened: "flag" };
  static openerStyle = `
    :host { display: inline-block; }
    dialog { inline-size: 40rem; }
    .content { overflow-wrap: anywhere; }
    .end { margin: 1rem 0 0; text-align: end; }
  `;

  buildOpener(...content) {
    this.opener = make("button", { type: "button", "aria-haspopup": "dialog", onclick: () => this.open() });
    const close = make("button", { type: "button", lang: language, onclick: () => this.close() }, words.close);
    this.dialog = make("dialog", {}, make("div", { class: "content" }, ...content), make("p", { class: "end" }, close));
    // Where nothing else is in the way, a press beside the window closes it.
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog && isBeside(event, this.dialog)) this.close();
    });
    this.dialog.addEventListener("close", () => this.give("opened", false));
    this.shadowRoot.append(this.opener, this.dialog);
  }

  get ownLinkText() {
    return "";
  }

  update(name) {
    if (name === "opened") this.#follow();
    const text = this.take("link-text");
    this.opener.textContent = text || this.ownLinkText;
    this.opener.lang = text ? "" : language;
    if (text) this.opener.removeAttribute("lang");
    this.opener.hidden = !this.opener.textContent;
    this.opener.className = this.take("link-type") === "button" ? "" : "link";
    this.dialog.setAttribute("aria-label", text || this.ownLinkText || words.more);
  }

  #follow() {
    if (this.take("opened") && !this.dialog.open) this.dialog.showModal();
    if (!this.take("opened") && this.dialog.open) this.dialog.close();
  }

  open() {
    this.give("opened", true);
  }

  close() {
    this.give("opened", false);
  }
}

function isBeside(event, box) {
  const { left, right, top, bottom } = box.getBoundingClientRect();
  return event.clientX < left || event.clientX > right || event.clientY < top || event.clientY > bottom;
}

// A row of tabs over panels: arrows, Home and End go along it, as everywhere.
class TabRow {
  static style = `
    .tabs { display: flex; flex-wrap: wrap; gap: .25rem; border-block-end: 1px solid var(--line); margin-block-end: 1rem; }
    .tabs button { border-color: transparent; background: none; border-radius: var(--round) var(--round) 0 0; border-block-end: 3px solid transparent; }
    .tabs [aria-selected="true"] { border-block-end-color: var(--accent); color: var(--accent); }
    .tabs button:focus-visible { outline-offset: -3px; }
  `;

  constructor(onChange) {
    this.row = make("div", { class: "tabs", role: "tablist" });
    this.chosen = 0;
    this.onChange = onChange;
    this.row.addEventListener("keydown", (event) => this.#move(event));
  }

  // Names of the tabs; the chosen one stays where it can.
  show(names) {
    const tabs = names.map((name, at) => make("button", { type: "button", role: "tab", onclick: () => this.choose(at) }, name));
    this.row.replaceChildren(...tabs);
    this.choose(Math.min(this.chosen, Math.max(0, names.length - 1)));
  }

  choose(chosen) {
    this.chosen = chosen;
    for (const [at, tab] of [...this.row.children].entries()) {
      tab.setAttribute("aria-selected", String(at === chosen));
      tab.tabIndex = at === chosen ? 0 : -1;
    }
    this.onChange(chosen);
  }

  #move(event) {
    const count = this.row.children.length;
    const to = { ArrowRight: this.chosen + 1, ArrowLeft: this.chosen - 1 + count, Home: 0, End: count - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.choose(to % count);
    this.row.children[this.chosen].focus();
  }
}
