// crowd-form: gathers what stands in it and hands it in.
//
// Its fields belong to a real form without content of its own (by their `form` attribute), so that Enter, reset,
// labels and validity work as the browser makes them work, and no child has to be moved.

const NATIVE = "input, select, textarea, button, output, fieldset";
let formsMade = 0;

class CrowdForm extends CrowdElement {
  static formAssociated = false;
  static style = `
    :host { display: block; }
    .end { display: flex; flex-wrap: wrap; gap: 1rem; align-items: center; margin-block: 1rem; }
    .end p { margin: 0; color: var(--muted); }
  `;

  #inner;
  #button;
  #isTelling = false; // inside the page's own submit handlers
  #wasStopped = false; // one of them stopped the last sending

  build() {
    this.#inner = make("form", { id: `crowd-form-${(formsMade += 1)}`, noValidate: true });
    this.#inner.style.margin = 0;
    this.#inner.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      this.#begin(event.submitter);
    });
    this.#inner.submit = () => this.submit();
    this.prepend(this.#inner);
    this.addEventListener("submit", (event) => this.#takeOver(event));
    this.#button = make("button", { type: "button", class: "primary", onclick: () => this.#begin(null) }, words.submit);
    const note = isPreview && make("p", {}, words.preview);
    this.#button.disabled = isPreview;
    this.shadowRoot.append(make("slot"), make("div", { class: "end", lang: language }, this.#button, note));
    new MutationObserver(() => this.#adopt()).observe(this, { childList: true, subtree: true });
    keepDraft(this, () => this.#gather(null), (answers) => this.restore(answers));
  }

  restore(answers) {
    putBack(this.#controls(), answers);
  }

  // The empty form goes behind everything: pages append questions of their own to it.
  arrived() {
    if (document.readyState !== "loading" && !this.#inner.children.length && this.lastElementChild !== this.#inner) {
      this.append(this.#inner);
    }
    this.#adopt();
  }

  get form() {
    return this.#inner;
  }

  // The fields that are posted, as text.
  _serializeForm() {
    return serialized(this.#gather(null));
  }

  // Everything that is filled in, under its names.
  get answer() {
    return this.#gather(null);
  }

  // Hand in, as a press of the button does. Handlers are asked once: one that stopped the sending and calls
  // this afterwards means it.
  submit() {
    if (this.#isTelling || this.#wasStopped) this.#send(null);
    else this.#begin(null);
  }

  reset() {
    this.#inner.reset();
  }

  // For buttons among the children: what a press of them does.
  press(action) {
    if (action === "reset") this.reset();
    else this.#begin(null);
  }

  checkValidity() {
    return this.#controls().every((control) => !control.willValidate || control.checkValidity());
  }

  reportValidity() {
    const wrong = this.#controls().filter((control) => control.willValidate && !control.checkValidity());
    for (const control of wrong) if (control instanceof CrowdElement) control.showProblem();
    // It may stand under a tab that is not open.
    wrong[0]?.dispatchEvent(new Event("crowd-reveal", { bubbles: true }));
    wrong[0]?.reportValidity();
    return wrong.length === 0;
  }

  // A form of the page's own within this one hands in with it.
  #takeOver(event) {
    if (event.target === this || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    this.#begin(event.submitter);
  }

  #begin(submitter) {
    if (isPreview || (!submitter?.formNoValidate && !this.reportValidity())) return;
    this.#isTelling = true;
    const told = new SubmitEvent("submit", { bubbles: true, cancelable: true, submitter });
    const goesOn = this.dispatchEvent(told);
    this.#isTelling = false;
    this.#wasStopped = !goesOn;
    if (goesOn) this.#send(submitter);
  }

  #send(submitter) {
    if (!isPreview && this.reportValidity()) send(this.#gather(submitter));
  }

  #gather(submitter) {
    const all = {};
    for (const control of this.#controls()) {
      if (control.matches(":disabled")) continue;
      const answer = control instanceof CrowdElement ? control.answer : plainAnswer(control);
      addAnswer(all, control.getAttribute("name") || control.constructor.ownName, answer);
    }
    if (submitter?.name) addAnswer(all, submitter.name, submitter.value);
    return all;
  }

  #controls() {
    return [...this.querySelectorAll("*")].filter(
      (child) => (child instanceof CrowdElement && child.constructor.formAssociated) || child.matches(NATIVE),
    );
  }

  #adopt() {
    for (const control of this.#controls()) {
      if (!control.form && !control.hasAttribute("form")) control.setAttribute("form", this.#inner.id);
    }
    const own = 'button:not([type="button"], [type="reset"]), input[type="submit"], input[type="image"], crowd-button[form-action="submit"]';
    this.#button.parentElement.hidden = this.querySelector(own) !== null && !isPreview;
  }
}

define("crowd-form", CrowdForm);

// What a plain field of the page adds: boxes and radios say of each value whether it is chosen; an empty text is
// left out.
function plainAnswer(field) {
  if (field.matches("button, output, fieldset")) return undefined;
  switch (field.type) {
    case "checkbox":
    case "radio":
      return { [field.value]: field.checked };
    case "submit":
    case "reset":
    case "button":
    case "image":
      return undefined;
    case "file":
      return field.files.length ? [...field.files].map((file) => file.name).join(", ") : undefined;
    case "select-multiple":
      return [...field.selectedOptions].map((option) => option.value);
    default:
      return field.value === "" ? undefined : field.value;
  }
}
