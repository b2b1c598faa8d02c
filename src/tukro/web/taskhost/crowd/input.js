// Needs: shared/field.js
// crowd-input and crowd-text-area: text, in one line or several.

class TextElement extends FieldElement {
  static takes = {
    name: "text", label: "text", placeholder: "text", value: "text", required: "flag", disabled: "flag", "auto-focus": "flag",
    "auto-validate": "flag", "allowed-pattern": "text", "error-message": "text", "min-length": "number", "max-length": "number",
  };
  static style = FieldElement.fieldStyle;

  #label;
  #isTyped = false; // the worker's text stands; the attribute no longer counts

  buildText(control) {
    this.control = control;
    this.#label = make("label", { for: "control" });
    control.addEventListener("input", (event) => {
      event.stopPropagation();
      this.#isTyped = true;
      if (!event.isComposing) this.#keepAllowed();
      this.changed();
      if (this.take("auto-validate")) this.showProblem();
    });
    control.addEventListener("change", (event) => event.stopPropagation());
    control.addEventListener("compositionend", () => this.#keepAllowed());
    this.shadowRoot.append(this.#label, control);
  }

  update(name) {
    super.update(name);
    if (name === "label") this.#showLabel();
    if (name === "placeholder") this.control.placeholder = this.take("placeholder");
    if (name === "required") this.control.required = this.take("required");
    if (name === "value" && !this.#isTyped) this.control.value = this.take("value");
    if (name === "max-length") this.#limit(this.take("max-length"));
    this.nameControl();
    this.check();
  }

  #showLabel() {
    this.#label.textContent = this.take("label");
    this.#label.hidden = !this.take("label");
  }

  #limit(length) {
    if (length === null) this.control.removeAttribute("maxlength");
    else this.control.setAttribute("maxlength", Math.max(0, length));
  }

  nameControl() {
    if (this.take("label")) this.control.removeAttribute("aria-label");
    else super.nameControl();
  }

  // Signs that the pattern does not know are taken out as they are written.
  #keepAllowed() {
    const pattern = this.take("allowed-pattern");
    const allowed = pattern && patternOf(pattern);
    if (!allowed) return;
    const kept = [...this.control.value].filter((sign) => allowed.test(sign)).join("");
    if (kept === this.control.value) return;
    const lost = this.control.value.length - kept.length;
    const at = (this.control.selectionStart ?? kept.length) - lost;
    this.control.value = kept;
    if (this.control.selectionStart !== null) this.control.setSelectionRange(Math.max(0, at), Math.max(0, at));
  }

  get value() {
    return this.control?.value ?? this.take("value");
  }

  set value(text) {
    if (!this.control) {
      super.value = text;
      return;
    }
    this.#isTyped = true;
    this.control.value = text ?? "";
    this.check();
  }

  get answer() {
    return this.value === "" ? undefined : this.value;
  }

  restore(answer) {
    this.value = typeof answer === "string" ? answer : "";
  }

  get problem() {
    const problem = this.#found();
    return problem && (this.take("error-message") || problem);
  }

  #found() {
    const length = [...this.value].length;
    if (!length) return this.take("required") ? words.write_something : "";
    const least = this.take("min-length");
    if (least !== null && length < least) return say(words.too_short, { least, length });
    const most = this.take("max-length");
    if (most !== null && this.value.length > most) return say(words.too_long, { most, length });
    // What the browser finds: an address that is none, a number out of bounds.
    const { valid, valueMissing, tooShort } = this.control.validity;
    return valid || valueMissing || tooShort ? "" : this.control.validationMessage;
  }

  formResetCallback() {
    this.#isTyped = false;
    this.control.value = this.getAttribute("value") ?? "";
    this.check();
  }
}

function patternOf(text) {
  try {
    return new RegExp(text, "u");
  } catch {
    return null;
  }
}

const PASSED_ON = ["min", "max", "step", "pattern", "accept", "multiple", "inputmode", "autocomplete"];

class CrowdInput extends TextElement {
  static takes = { ...TextElement.takes, type: "text", ...Object.fromEntries(PASSED_ON.map((name) => [name, "text"])) };

  build() {
    this.buildText(make("input", { id: "control", class: "box", type: "text" }));
    this.control.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) this.form?.requestSubmit();
    });
  }

  update(name) {
    if (name === "type") this.control.type = this.take("type") || "text";
    if (PASSED_ON.includes(name) && this.hasAttribute(name)) this.control.setAttribute(name, this.getAttribute(name));
    super.update(name);
  }

  // Of a file only its name is part of the answer, as with a plain form.
  get value() {
    return this.control?.type === "file" ? [...this.control.files].map((file) => file.name).join(", ") : super.value;
  }

  set value(text) {
    if (this.control?.type !== "file") super.value = text;
  }

  get files() {
    return this.control.files;
  }
}

define("crowd-input", CrowdInput);

class CrowdTextArea extends TextElement {
  static takes = { ...TextElement.takes, rows: "number", "max-rows": "number", "char-counter": "flag" };
  static style = `${FieldElement.fieldStyle}
    textarea { display: block; resize: vertical; }
    @supports (field-sizing: content) { textarea { field-sizing: content; } }
    .count { color: var(--muted); font-size: .9375rem; text-align: end; margin: .25rem 0 0; }
  `;

  #count = make("p", { class: "count", hidden: true, lang: language });

  build() {
    this.buildText(make("textarea", { id: "control", class: "box" }));
    this.shadowRoot.append(this.#count);
  }

  update(name) {
    if (name === "rows" || name === "max-rows") this.#size(this.take("rows") ?? 3, this.take("max-rows"));
    super.update(name);
  }

  // It grows with its text up to max-rows, where the browser knows how.
  #size(rows, most) {
    this.control.rows = rows;
    this.control.style.minBlockSize = `calc(${rows}lh + 1rem)`;
    this.control.style.maxBlockSize = most ? `calc(${Math.max(rows, most)}lh + 1rem)` : "";
  }

  check() {
    super.check();
    this.#count.hidden = !this.take("char-counter");
    const length = [...this.value].length;
    const most = this.take("max-length");
    this.#count.textContent = most === null ? inDigits(length) : `${inDigits(length)} / ${inDigits(most)}`;
  }
}

define("crowd-text-area", CrowdTextArea);
