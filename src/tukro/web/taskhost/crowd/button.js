// Needs: shared/icon.js
// crowd-button, crowd-icon-button and crowd-fab: things to press. They have no answer.

class PressElement extends CrowdElement {
  static formAssociated = false;
  static delegatesFocus = true;

  get value() {
    return this.getAttribute("value") ?? "";
  }

  set value(text) {
    this.setAttribute("value", text);
  }
}

class CrowdButton extends PressElement {
  static takes = {
    "form-action": "text", variant: "text", href: "text", target: "text", icon: "text", "icon-align": "text", "icon-url": "text",
    loading: "flag", disabled: "flag",
  };
  static style = `${ICON_STYLE}
    :host { display: inline-block; }
    button, a {
      display: inline-flex; gap: .5rem; align-items: center; justify-content: center; min-block-size: var(--tap);
      min-inline-size: var(--tap); padding: .25rem 1rem; font-weight: 600; border-radius: var(--round); text-decoration: none;
      border: 1px solid var(--edge); background: var(--paper); color: var(--ink);
    }
    .primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
    .link { background: none; border-color: transparent; color: var(--accent); text-decoration: underline; }
    .icon-only { border-color: transparent; background: none; padding: .25rem; }
    .icon-end { flex-direction: row-reverse; }
    a:hover { background: var(--accent-soft); color: var(--ink); }
    .wheel {
      inline-size: 1.25em; block-size: 1.25em; border-radius: 50%; border: 3px solid; border-block-start-color: transparent;
      animation: turn 1s linear infinite;
    }
    @keyframes turn { to { transform: rotate(1turn); } }
    @media (prefers-reduced-motion: reduce) { .wheel { animation: none; border-style: dotted; } }
  `;

  build() {
    this.addEventListener("click", (event) => this.#press(event));
  }

  update() {
    const isLoading = this.take("loading");
    const href = this.take("href");
    const isOff = this.take("disabled") || isLoading || (isPreview && this.take("form-action") === "submit");
    const kind = { primary: "primary", link: "link", icon: "icon-only" }[this.take("variant")] ?? "";
    const side = this.take("icon-align") === "right" ? "icon-end" : "";
    const picture = this.take("icon-url") || this.take("icon");
    const sign = isLoading ? make("span", { class: "wheel" }) : picture && icon(picture);
    const content = [sign || null, make("span", {}, make("slot"))];
    const isLink = href && !isOff && !this.take("form-action");
    this.control = isLink
      ? make("a", { href, target: this.take("target"), rel: "noopener noreferrer" }, ...content)
      : make("button", { type: "button", disabled: isOff }, ...content);
    this.control.className = `${kind} ${side}`.trim();
    if (isLoading) this.control.setAttribute("aria-busy", "true");
    this.shadowRoot.replaceChildren(this.control);
    this.arrived();
  }

  // An icon without words is called by what the page says of it, or by the icon's name.
  arrived() {
    if (!this.control) return;
    const name = this.getAttribute("aria-label") || this.getAttribute("title") || iconInWords(this.take("icon"));
    if (!this.textContent.trim() && name) this.control.setAttribute("aria-label", name);
    else this.control.removeAttribute("aria-label");
  }

  #press(event) {
    const action = this.take("form-action");
    if (!action || this.control.disabled || event.defaultPrevented) return;
    const form = this.closest("crowd-form");
    if (form) form.press(action === "reset" ? "reset" : "submit");
    else if (action === "reset") this.closest("form")?.reset();
    else this.closest("form")?.requestSubmit();
  }
}

define("crowd-button", CrowdButton);

class CrowdIconButton extends PressElement {
  static takes = { icon: "text", disabled: "flag", title: "text" };
  static style = `${ICON_STYLE}
    :host { display: inline-block; }
    button { padding: .25rem; border-radius: 50%; border-color: transparent; background: none; }
    button:disabled { background: none; }
  `;

  build() {
    this.control = make("button", { type: "button" });
    this.shadowRoot.append(this.control);
  }

  update() {
    const name = this.take("icon");
    this.control.disabled = this.take("disabled");
    this.control.replaceChildren(...(name ? [icon(name)] : []));
    const said = this.getAttribute("aria-label") || this.take("title") || this.textContent.trim() || iconInWords(name);
    this.control.setAttribute("aria-label", said || words.button);
  }

  arrived() {
    this.update();
  }
}

define("crowd-icon-button", CrowdIconButton);

class CrowdFab extends PressElement {
  static takes = { icon: "text", label: "text", title: "text", disabled: "flag" };
  static style = `${ICON_STYLE}
    :host { display: inline-block; }
    button {
      inline-size: 3.5rem; block-size: 3.5rem; padding: 0; border-radius: 50%; font-size: 1.25rem; box-shadow: 0 3px 8px rgb(0 0 0 / .3);
    }
    button:disabled { box-shadow: none; }
  `;

  build() {
    this.control = make("button", { type: "button", class: "primary" });
    this.shadowRoot.append(this.control);
  }

  update() {
    const name = this.take("icon");
    const label = this.take("label");
    this.control.disabled = this.take("disabled");
    this.control.replaceChildren(name ? icon(name) : label);
    const said = this.getAttribute("aria-label") || this.take("title") || label || iconInWords(name);
    this.control.setAttribute("aria-label", said || words.button);
  }
}

define("crowd-fab", CrowdFab);
