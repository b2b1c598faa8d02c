// Needs: shared/field.js
// crowd-checkbox and crowd-toggle-button: yes or no.

class CrowdCheckbox extends TickElement {
  static style = FieldElement.tickStyle;

  build() {
    this.buildTick(make("input", { type: "checkbox" }));
  }
}

define("crowd-checkbox", CrowdCheckbox);

class CrowdToggleButton extends TickElement {
  static takes = { ...TickElement.takes, invalid: "flag" };
  static style = `${FieldElement.tickStyle}
    input {
      appearance: none; inline-size: 2.75rem; block-size: 1.5rem; border-radius: 1rem; cursor: inherit; position: relative;
      background: var(--paper); border: 1px solid var(--edge);
    }
    input::before {
      content: ""; position: absolute; inset-block: .1875rem; inset-inline-start: .25rem; inline-size: 1rem; border-radius: 50%;
      background: var(--edge);
    }
    input:checked { background: var(--accent); border-color: var(--accent); }
    input:checked::before { inset-inline-start: 1.375rem; background: var(--on-accent); }
    input:disabled { background: var(--sunken); border-color: var(--line); }
    input[aria-invalid="true"] { border-color: var(--bad); outline: 1px solid var(--bad); }
    @media (forced-colors: active) { input:checked { background: Highlight; } input::before { background: ButtonText; } }
  `;

  build() {
    this.buildTick(make("input", { type: "checkbox", role: "switch" }));
  }

  update(name) {
    super.update(name);
    if (name === "invalid" && this.take("invalid")) this.control.setAttribute("aria-invalid", "true");
    else if (name === "invalid") this.control.removeAttribute("aria-invalid");
  }
}

define("crowd-toggle-button", CrowdToggleButton);
