// Needs: shared/field.js
// crowd-radio-group and crowd-radio-button: one of several. Each button answers for itself.

class CrowdRadioGroup extends CrowdElement {
  static formAssociated = false;
  static style = ":host { display: block; margin-block: .75rem; }";

  build() {
    this.setAttribute("role", "radiogroup");
    this.shadowRoot.append(make("slot"));
    this.addEventListener("keydown", (event) => this.#move(event));
  }

  get buttons() {
    return [...this.querySelectorAll("crowd-radio-button")];
  }

  // Tab comes to the chosen button, or to the first; the arrows go on from there and choose.
  arrived() {
    this.settle();
    whenParsed(() => this.settle());
  }

  settle() {
    const buttons = this.buttons.filter((button) => button.control && !button.control.disabled);
    const chosen = buttons.find((button) => button.checked) ?? buttons[0];
    for (const button of buttons) button.control.tabIndex = button === chosen ? 0 : -1;
    for (const [at, button] of buttons.entries()) {
      button.control.setAttribute("aria-posinset", at + 1);
      button.control.setAttribute("aria-setsize", buttons.length);
    }
  }

  #move(event) {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const buttons = this.buttons.filter((button) => !button.control.disabled);
    const at = buttons.indexOf(event.target);
    if (!step || at < 0) return;
    event.preventDefault();
    const next = buttons[(at + step + buttons.length) % buttons.length];
    next.control.click();
    next.focus();
  }
}

define("crowd-radio-group", CrowdRadioGroup);

class CrowdRadioButton extends TickElement {
  static takes = { name: "text", value: "text", checked: "flag", disabled: "flag" };
  static style = FieldElement.tickStyle;

  build() {
    this.buildTick(make("input", { type: "radio" }));
  }

  update(name) {
    super.update(name);
    if (name === "checked" && this.checked) this.ticked();
  }

  ticked() {
    const group = this.closest("crowd-radio-group");
    if (!group) return;
    for (const other of group.buttons) if (other !== this && other.checked) other.checked = false;
    group.settle?.();
  }

  get problem() {
    return "";
  }
}

define("crowd-radio-button", CrowdRadioButton);
