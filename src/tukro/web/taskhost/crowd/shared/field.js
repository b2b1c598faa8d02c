// What fields with one control have in common: the name that helps find them, being off, being needed.

class FieldElement extends CrowdElement {
  static delegatesFocus = true;
  static fieldStyle = `
    :host { display: block; margin-block: .75rem; }
    label { display: block; font-weight: 600; margin-block-end: .25rem; }
    .box {
      inline-size: 100%; min-block-size: var(--tap); padding: .5rem .75rem; background: var(--paper); color: var(--ink);
      border: 1px solid var(--edge); border-radius: var(--round);
    }
    .box::placeholder { color: var(--muted); opacity: 1; }
    .box:disabled { background: var(--sunken); border-color: var(--line); color: var(--muted); }
    .box[aria-invalid="true"] { border-color: var(--bad); outline: 1px solid var(--bad); }
    .box:focus-visible { outline: 3px solid var(--accent); outline-offset: 1px; }
  `;
  static tickStyle = `
    :host { display: inline-block; margin-inline-end: 1rem; vertical-align: top; }
    label { display: inline-flex; gap: .625rem; align-items: center; min-block-size: var(--tap); cursor: pointer; }
    label:has(:disabled) { color: var(--muted); cursor: not-allowed; }
    input { inline-size: 1.375rem; block-size: 1.375rem; margin: 0; flex: none; accent-color: var(--accent); }
  `;

  update(name) {
    if (name === "disabled") this.control.disabled = this.take("disabled");
    if (name === "auto-focus" && this.take("auto-focus")) whenParsed(() => this.control.focus());
  }

  arrived() {
    this.nameControl();
  }

  // A control that shows no label of its own is called by the page's label, or by the line that stands before it.
  nameControl() {
    if (this.control.labels.length && this.control.labels[0].textContent.trim()) return;
    const said = this.getAttribute("aria-label") ?? [...this.internals.labels].map((one) => one.textContent).join(" ");
    const name = said.trim() || this.control.placeholder || this.#lineBefore() || (this.getAttribute("name") ?? "");
    this.control.setAttribute("aria-label", name.trim().slice(0, 200));
  }

  #lineBefore() {
    const before = this.previousElementSibling;
    return before && !before.matches("input, select, textarea, button, script, style, crowd-button") && !(before instanceof FieldElement)
      ? before.textContent.replace(/\s+/g, " ")
      : "";
  }

  showProblem(problem = this.problem) {
    super.showProblem(problem);
    this.control.toggleAttribute("aria-invalid", false);
    if (problem) this.control.setAttribute("aria-invalid", "true");
    this.describe(problem);
  }

  describe(problem) {
    const line = this.shadowRoot.querySelector(".problem");
    if (!line) return;
    line.id = "problem";
    if (problem) this.control.setAttribute("aria-describedby", "problem");
    else this.control.removeAttribute("aria-describedby");
  }

  formDisabledCallback(isOff) {
    if (this.control) this.control.disabled = isOff;
  }
}

// Something that is on or off and says so under its value: check box, toggle, radio button.
class TickElement extends FieldElement {
  static takes = { name: "text", value: "text", checked: "flag", required: "flag", disabled: "flag" };

  buildTick(control) {
    this.control = control;
    this.shadowRoot.append(make("label", {}, control, make("span", {}, make("slot"))));
    control.addEventListener("change", (event) => {
      event.stopPropagation();
      this.ticked();
      this.changed();
    });
    control.addEventListener("input", (event) => event.stopPropagation());
    // A label of the page's own presses the element itself.
    this.addEventListener("click", (event) => {
      if (event.composedPath()[0] === this) control.click();
    });
  }

  ticked() {}

  update(name) {
    super.update(name);
    if (name === "checked") this.control.checked = this.take("checked");
    if (name === "required") this.control.required = this.take("required");
    this.check();
  }

  nameControl() {
    if (this.textContent.trim()) this.control.removeAttribute("aria-label");
    else super.nameControl();
  }

  get value() {
    return this.take("value") || "on";
  }

  set value(value) {
    this.give("value", value);
  }

  get checked() {
    return this.control?.checked ?? this.take("checked");
  }

  set checked(isOn) {
    this.give("checked", Boolean(isOn));
    this.check();
  }

  get answer() {
    return { [this.value]: this.checked };
  }

  get problem() {
    return this.take("required") && !this.checked ? words.tick_this : "";
  }

  restore(answer) {
    if (isObject(answer)) this.checked = answer[this.value] === true;
  }

  formResetCallback() {
    this.checked = this.hasAttribute("checked");
  }
}
