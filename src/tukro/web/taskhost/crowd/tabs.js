// Needs: shared/opener.js
// crowd-tabs and crowd-tab: parts of a page, one of which is seen. What is filled in under the others counts, too.

class CrowdTabs extends CrowdElement {
  static formAssociated = false;
  static style = `${TabRow.style} :host { display: block; margin-block: .75rem; }`;

  #row = new TabRow((chosen) => this.#turn(chosen));

  build() {
    this.shadowRoot.append(this.#row.row, make("slot"));
    // A field that is to be mended may stand under another tab.
    this.addEventListener("crowd-reveal", (event) => {
      const at = this.#tabs.findIndex((tab) => tab.contains(event.target));
      if (at >= 0) this.#row.choose(at);
    });
  }

  get #tabs() {
    return [...this.children].filter((child) => child.localName === "crowd-tab");
  }

  arrived() {
    this.#row.show(this.#tabs.map((tab) => tab.getAttribute("header") ?? ""));
  }

  #turn(chosen) {
    for (const [at, tab] of this.#tabs.entries()) tab.hidden = at !== chosen;
  }
}

define("crowd-tabs", CrowdTabs);

class CrowdTab extends CrowdElement {
  static formAssociated = false;
  static takes = { header: "text" };
  static style = ":host { display: block; }";

  build() {
    this.setAttribute("role", "tabpanel");
    this.shadowRoot.append(make("slot"));
  }

  update() {
    this.setAttribute("aria-label", this.take("header"));
    this.closest("crowd-tabs")?.arrived?.();
  }
}

define("crowd-tab", CrowdTab);
