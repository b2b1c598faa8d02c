// Needs: shared/opener.js
// crowd-modal: a window over the page; crowd-instructions: one with short, detailed instructions and examples.

class CrowdModal extends OpenerElement {
  static style = OpenerElement.openerStyle;

  build() {
    this.buildOpener(make("slot"));
  }
}

define("crowd-modal", CrowdModal);

class CrowdInstructions extends OpenerElement {
  static regions = ["short-summary", "detailed-instructions", "positive-example", "negative-example"];
  static style = `${OpenerElement.openerStyle} ${TabRow.style}
    ::slotted(positive-example), ::slotted(negative-example) {
      display: block; padding: .5rem 1rem; margin-block: .5rem; border-inline-start: 4px solid var(--ok); background: var(--ok-soft);
      color: var(--ink);
    }
    ::slotted(negative-example) { border-color: var(--bad); background: var(--bad-soft); }
    h3 { font-size: 1rem; margin: .75rem 0 .25rem; }
  `;

  #tabs = new TabRow((chosen) => this.#turn(chosen));
  #panels = [];

  build() {
    const panel = (...content) => make("div", { role: "tabpanel", tabIndex: 0 }, ...content);
    const examples = (region, title) => make("div", { class: region }, make("h3", { lang: language }, title), make("slot", { name: region }));
    this.#panels = [
      panel(make("slot", { name: "short-summary" })),
      panel(make("slot", { name: "detailed-instructions" })),
      panel(examples("positive-example", words.good_examples), examples("negative-example", words.bad_examples)),
    ];
    this.buildOpener(this.#tabs.row, ...this.#panels, make("slot"));
    this.#tabs.row.lang = language;
  }

  get ownLinkText() {
    return words.view_instructions;
  }

  // Three tabs, of which those without content are left out.
  arrived() {
    const titles = [words.summary, words.detailed_instructions, words.examples];
    for (const region of ["positive-example", "negative-example"]) {
      this.#panels[2].querySelector(`.${region}`).hidden = !this.region(region);
    }
    const isThere = ["short-summary", "detailed-instructions"].map((name) => Boolean(this.region(name)));
    isThere.push(Boolean(this.region("positive-example") ?? this.region("negative-example")));
    for (const [at, panel] of this.#panels.entries()) {
      panel.isThere = isThere[at];
      panel.setAttribute("aria-label", titles[at]);
    }
    this.#tabs.show(titles.filter((_, at) => isThere[at]));
    this.#tabs.row.hidden = isThere.filter(Boolean).length < 2;
  }

  #turn(chosen) {
    const shown = this.#panels.filter((panel) => panel.isThere);
    for (const panel of this.#panels) panel.hidden = panel !== shown[chosen];
  }
}

define("crowd-instructions", CrowdInstructions);
