// Needs: shared/icon.js
// crowd-card: things that belong together; crowd-badge: a small mark on another element.

class CrowdCard extends CrowdElement {
  static formAssociated = false;
  static takes = { heading: "text", image: "text" };
  static style = `
    :host { display: block; margin-block: .75rem; }
    .card { background: var(--paper); border: 1px solid var(--line); border-radius: var(--round); overflow: hidden; }
    img { display: block; inline-size: 100%; max-block-size: 20rem; object-fit: cover; }
    .in { padding: 1rem; overflow-wrap: anywhere; }
    h2 { padding: 1rem 1rem 0; }
  `;

  #image = make("img", { alt: "" });
  #title = make("h2");

  build() {
    this.shadowRoot.append(make("div", { class: "card" }, this.#image, this.#title, make("div", { class: "in" }, make("slot"))));
  }

  update() {
    this.#title.textContent = this.take("heading");
    this.#title.hidden = !this.take("heading");
    this.#image.hidden = !this.take("image");
    if (this.take("image")) this.#image.src = this.take("image");
  }
}

define("crowd-card", CrowdCard);

class CrowdBadge extends CrowdElement {
  static formAssociated = false;
  static takes = { for: "text", icon: "text", label: "text" };
  static style = `${ICON_STYLE}
    :host { display: inline-block; }
    :host(.is-pinned) { position: absolute; z-index: 1; pointer-events: none; }
    .badge {
      display: inline-flex; align-items: center; justify-content: center; min-inline-size: 1.5rem; block-size: 1.5rem; padding-inline: .375rem;
      border-radius: 1rem; background: var(--bad); color: var(--paper); font-size: .8125rem; font-weight: 700; line-height: 1;
    }
    .icon { inline-size: 1.125em; block-size: 1.125em; }
  `;

  #box = make("span", { class: "badge" });

  build() {
    this.shadowRoot.append(this.#box);
    addEventListener("resize", () => this.#pin());
    addEventListener("load", () => this.#pin());
    whenParsed(() => this.#pin());
  }

  update(name) {
    const picture = this.take("icon");
    this.#box.replaceChildren(picture ? icon(picture) : this.take("label"));
    const said = this.take("label") || iconInWords(picture);
    this.#box.setAttribute("role", "img");
    this.#box.setAttribute("aria-label", said || words.mark);
    if (name === "for") this.#pin();
  }

  // On the upper right corner of the element that it is for, which is described by it.
  #pin() {
    const target = this.take("for") && this.getRootNode().getElementById?.(this.take("for"));
    this.classList.toggle("is-pinned", Boolean(target));
    if (!target) return;
    if (!this.id) this.id = `crowd-badge-${this.take("for")}`;
    if (!target.hasAttribute("aria-describedby")) target.setAttribute("aria-describedby", this.id);
    // From where it would stand at nought, whatever it is placed against.
    this.style.insetInlineStart = this.style.insetBlockStart = "0px";
    const place = target.getBoundingClientRect();
    const own = this.getBoundingClientRect();
    const rightmost = document.documentElement.clientWidth - own.width;
    this.style.insetInlineStart = `${Math.min(place.right - own.width / 2, rightmost) - own.left}px`;
    this.style.insetBlockStart = `${place.top - own.height / 2 - own.top}px`;
  }
}

define("crowd-badge", CrowdBadge);
