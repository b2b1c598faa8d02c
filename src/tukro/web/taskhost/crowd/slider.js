// Needs: shared/field.js
// crowd-slider: a number between two ends. crowd-slider-label: a word under one of its places.

class CrowdSlider extends FieldElement {
  static takes = {
    name: "text", min: "number", max: "number", step: "number", value: "number", pin: "flag", editable: "flag", required: "flag",
    disabled: "flag", "secondary-progress": "number",
  };
  static style = `${FieldElement.fieldStyle}
    .line { display: flex; gap: .75rem; align-items: center; }
    .track { flex: 1; min-inline-size: 0; position: relative; }
    input[type="range"] { inline-size: 100%; block-size: var(--tap); margin: 0; accent-color: var(--accent); position: relative; }
    .second {
      position: absolute; inset-block-start: calc(50% + .625rem); inset-inline-start: 0; block-size: .25rem; border-radius: 1rem;
      background: var(--edge);
    }
    output { min-inline-size: 3ch; text-align: end; font-weight: 600; font-variant-numeric: tabular-nums; }
    input[type="number"] { inline-size: 6.5rem; }
    .labels { display: flex; justify-content: space-between; gap: .5rem; color: var(--muted); font-size: .9375rem; }
    .labels:not(.has-labels) { display: none; }
  `;

  #shown = make("output", { "aria-hidden": "true" });
  #number = make("input", { type: "number", class: "box", hidden: true });
  #second = make("div", { class: "second", hidden: true });
  #labels = make("div", { class: "labels" }, make("slot"));
  #isMoved = false;

  build() {
    this.control = make("input", { type: "range" });
    const track = make("div", { class: "track" }, this.#second, this.control);
    this.shadowRoot.append(make("div", { class: "line" }, track, this.#shown, this.#number), this.#labels);
    for (const box of [this.control, this.#number]) {
      box.addEventListener("change", (event) => event.stopPropagation());
      box.addEventListener("input", (event) => {
        event.stopPropagation();
        if (box.value !== "") this.#move(box.value);
      });
    }
    // Leaving the knob where it stands is a choice as well, once it was taken hold of.
    this.control.addEventListener("pointerup", () => this.#move(this.control.value));
    this.control.addEventListener("keydown", (event) => {
      if (/^(Arrow|Page|Home|End|Enter| )/.test(event.key)) this.#isMoved = true;
      if (event.key === "Enter" || event.key === " ") this.#move(this.control.value);
    });
  }

  #move(value) {
    this.#isMoved = true;
    this.control.value = value;
    this.#show();
    this.changed();
  }

  update(name) {
    super.update(name);
    if (["min", "max", "step", "value"].includes(name)) this.#bound();
    if (name === "pin" || name === "editable") this.#show();
    if (name === "secondary-progress") this.#bound();
    if (name === "disabled") this.#number.disabled = this.take("disabled");
    this.check();
  }

  #bound() {
    const { least, most } = this;
    for (const box of [this.control, this.#number]) {
      box.min = least;
      box.max = most;
      box.step = this.take("step") ?? 1;
    }
    if (!this.#isMoved) this.control.value = this.take("value") ?? least;
    const second = this.take("secondary-progress");
    this.#second.hidden = second === null;
    this.#second.style.inlineSize = `${(100 * ((second ?? least) - least)) / (most - least || 1)}%`;
    this.#show();
  }

  get least() {
    return this.take("min") ?? 0;
  }

  get most() {
    return this.take("max") ?? 100;
  }

  #show() {
    this.#shown.textContent = inDigits(this.value);
    this.#shown.hidden = !this.take("pin") || this.take("editable");
    this.#number.hidden = !this.take("editable");
    this.#number.value = this.control.value;
    this.control.setAttribute("aria-valuetext", this.#inWords());
  }

  #inWords() {
    const label = this.labelAt?.(this.value);
    return label ? `${inDigits(this.value)}, ${label}` : inDigits(this.value);
  }

  labelAt(value) {
    const label = [...this.querySelectorAll("crowd-slider-label")].find((one) => Number(one.getAttribute("position")) === value);
    return label?.textContent.trim();
  }

  arrived() {
    const labels = this.querySelectorAll("crowd-slider-label");
    this.#labels.classList.toggle("has-labels", labels.length > 0);
    super.arrived();
    this.#number.setAttribute("aria-label", this.control.getAttribute("aria-label") ?? "");
    this.#show();
  }

  get value() {
    return this.control ? Number(this.control.value) : this.take("value");
  }

  set value(number) {
    super.value = number;
  }

  // A knob that nobody took hold of is no answer where one is needed.
  get answer() {
    return this.problem ? undefined : this.value;
  }

  get problem() {
    return this.take("required") && !this.#isMoved && this.take("value") === null ? words.move_slider : "";
  }

  restore(answer) {
    if (typeof answer !== "number" && Number.isNaN(Number.parseFloat(answer))) return;
    this.#isMoved = true;
    this.control.value = answer;
    this.#show();
  }

  formResetCallback() {
    this.#isMoved = false;
    this.#bound();
    this.check();
  }
}

define("crowd-slider", CrowdSlider);

class CrowdSliderLabel extends CrowdElement {
  static formAssociated = false;
  static takes = { position: "number" };
  static style = ":host { font: inherit; color: inherit; }";

  build() {
    this.shadowRoot.append(make("slot"));
  }

  update() {
    this.style.order = Math.round(1000 * (this.take("position") ?? 0));
  }
}

define("crowd-slider-label", CrowdSliderLabel);
