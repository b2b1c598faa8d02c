// The frame of every element with instructions and a place to work: a header, the short instructions beside the
// work (above it on a phone), and the full ones in a window of their own.

class AnnotationElement extends CrowdElement {
  static regions = ["short-instructions", "full-instructions"];
  static frameStyle = `
    :host { display: block; }
    #heading { margin-block-end: .75rem; }
    .frame { display: grid; gap: 1rem; align-items: start; }
    .frame > .guide { background: var(--sunken); border-radius: var(--round); padding: .5rem 1rem; min-inline-size: 0; }
    .guide summary { cursor: pointer; font-weight: 600; min-block-size: var(--tap); align-content: center; }
    .frame > .work { min-inline-size: 0; }
    .guide p { margin: .25rem 0; }
    @media (min-width: 48rem) { .frame.has-guide { grid-template-columns: 16rem 1fr; } }
    .full-end { margin-block-start: 1rem; }
  `;

  // Builds the frame; elements call it first and fill what it returns.
  buildFrame() {
    this.heading = make("h2", { id: "heading", hidden: true });
    const open = make("button", { type: "button", class: "link", lang: language }, words.full_instructions);
    const close = make("button", { type: "button", lang: language }, words.close);
    const title = make("h2", { id: "title", lang: language }, words.instructions);
    this.fullInstructions = make(
      "dialog",
      { "aria-labelledby": "title" },
      title,
      make("slot", { name: "full-instructions" }),
      make("p", { class: "full-end" }, close),
    );
    open.onclick = () => this.fullInstructions.showModal();
    close.onclick = () => this.fullInstructions.close();
    this.guide = make(
      "details",
      { class: "guide", open: true, hidden: true },
      make("summary", { lang: language }, words.instructions),
      make("slot", { name: "short-instructions" }),
      make("p", {}, open),
    );
    this.#rememberFold();
    this.workplace = make("div", { class: "work" });
    this.frame = make("div", { class: "frame", role: "group" }, this.guide, this.workplace);
    this.shadowRoot.append(this.heading, this.frame, this.fullInstructions);
    return this.workplace;
  }

  // Who has read the instructions and closed them finds them closed on the next task. This page has no memory of its
  // own; the site's page keeps it for the sitting (static/js/frame.js).
  #rememberFold() {
    if (parent === window) return;
    let isOpen = true;
    this.guide.addEventListener("toggle", () => {
      if (this.guide.open === isOpen) return;
      isOpen = this.guide.open;
      parent.postMessage({ type: "tukro:instructions", isOpen }, "*");
    });
    addEventListener("message", ({ source, data }) => {
      if (source !== parent || data?.type !== "tukro:instructions" || typeof data.isOpen !== "boolean") return;
      isOpen = this.guide.open = data.isOpen;
    });
    parent.postMessage({ type: "tukro:instructions-asked" }, "*");
  }

  // The header, and which instructions there are; elements that write their own arrived() or update() call it.
  updateFrame() {
    const header = this.getAttribute("header") ?? "";
    this.heading.textContent = header;
    this.heading.hidden = !header;
    if (header) this.frame.setAttribute("aria-labelledby", "heading");
    const full = this.region("full-instructions");
    this.guide.hidden = !full && !this.region("short-instructions");
    this.guide.lastElementChild.hidden = !full;
    this.frame.classList.toggle("has-guide", !this.guide.hidden);
    const short = this.region("short-instructions")?.getAttribute("header");
    const summary = this.guide.firstElementChild;
    summary.textContent = short || words.instructions;
    summary.lang = short ? "" : language;
    const title = full?.getAttribute("header");
    if (title) {
      const heading = this.fullInstructions.firstElementChild;
      heading.textContent = title;
      heading.removeAttribute("lang");
    }
  }

  arrived() {
    this.updateFrame();
  }

  update(name) {
    if (name === "header") this.updateFrame();
  }
}
