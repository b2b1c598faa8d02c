// crowd-alert: a message that stays; crowd-toast: one that goes away by itself.

class CrowdAlert extends CrowdElement {
  static formAssociated = false;
  static takes = { type: "text", dismissible: "flag" };
  static style = `
    :host { display: block; margin-block: .75rem; }
    .alert {
      display: flex; gap: .75rem; align-items: flex-start; padding: .5rem 1rem; border-radius: var(--round);
      border-inline-start: 4px solid; overflow-wrap: anywhere;
    }
    .info { color: var(--info); background: var(--info-soft); }
    .success { color: var(--ok); background: var(--ok-soft); }
    .warning { color: var(--warn); background: var(--warn-soft); }
    .error { color: var(--bad); background: var(--bad-soft); }
    .text { flex: 1; min-inline-size: 0; padding-block: .375rem; }
    button { background: none; border-color: transparent; color: inherit; padding: 0; font-size: 1.25rem; }
  `;

  build() {
    this.text = make("div", { class: "text" }, make("slot"));
    this.close = make("button", { type: "button", "aria-label": words.close, lang: language, onclick: () => this.dismiss() }, "×");
    this.box = make("div", { class: "alert" }, this.text, this.close);
    this.shadowRoot.append(this.box);
  }

  update() {
    const type = ["success", "error", "warning"].includes(this.take("type")) ? this.take("type") : "info";
    this.box.className = `alert ${type}`;
    this.text.setAttribute("role", type === "error" || type === "warning" ? "alert" : "status");
    this.close.hidden = !this.take("dismissible");
  }

  dismiss() {
    this.hidden = true;
    this.dispatchEvent(new Event("dismiss", { bubbles: true }));
  }
}

define("crowd-alert", CrowdAlert);

let toastShown = null; // one at a time

class CrowdToast extends CrowdElement {
  static formAssociated = false;
  static takes = { duration: "number", text: "text", opened: "flag" };
  static style = `
    :host { display: contents; }
    .toast {
      position: fixed; inset-block-end: 1rem; inset-inline: 1rem; margin-inline: auto; inline-size: fit-content; max-inline-size: 36rem;
      z-index: 1000; padding: .75rem 1rem; border-radius: var(--round); background: var(--ink); color: var(--paper);
      box-shadow: 0 4px 16px rgb(0 0 0 / .3); overflow-wrap: anywhere;
    }
  `;

  #timer = 0;

  build() {
    this.box = make("div", { class: "toast", hidden: true }, this.line = make("span"), make("slot"));
    this.shadowRoot.append(make("div", { role: "status" }, this.box));
  }

  update(name) {
    if (name === "text") this.line.textContent = this.take("text");
    if (name === "opened" && this.take("opened") === this.box.hidden) this.#show(this.take("opened"));
  }

  show(text) {
    if (typeof text === "string") this.give("text", text);
    this.#show(true);
  }

  open() {
    this.#show(true);
  }

  hide() {
    this.#show(false);
  }

  close() {
    this.#show(false);
  }

  #show(isOpen) {
    clearTimeout(this.#timer);
    if (isOpen && toastShown && toastShown !== this) toastShown.close();
    toastShown = isOpen ? this : toastShown === this ? null : toastShown;
    this.box.hidden = !isOpen;
    if (this.take("opened") !== isOpen) this.give("opened", isOpen);
    const duration = this.take("duration") ?? 3000;
    // With nothing or forever as its time it stays until it is closed; timers count to 2^31 milliseconds.
    if (isOpen && duration > 0 && duration < 2 ** 31) this.#timer = setTimeout(() => this.close(), duration);
  }
}

define("crowd-toast", CrowdToast);
