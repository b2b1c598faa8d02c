// What every crowd element is made from.
//
// A page's script may reach an element before its children are parsed: so an element builds itself when it is
// connected, and its children find their slots as they arrive.

class CrowdElement extends HTMLElement {
  static takes = {}; // attribute: kind (text, number, flag, data); each is a property in camelCase, too
  static regions = []; // names of child elements that show in the slot of the same name
  static style = "";
  static ownName = ""; // of its answer, where the page gives none
  static delegatesFocus = false;
  static formAssociated = true;

  static get observedAttributes() {
    return Object.keys(this.takes);
  }

  #set = new Map(); // what scripts gave as properties
  #isBuilt = false;
  #early = null;

  constructor() {
    super();
    this.internals = this.attachInternals();
    this.attachShadow({ mode: "open", delegatesFocus: this.constructor.delegatesFocus });
  }

  // --- for elements to write ---

  build() {} // fill this.shadowRoot; once
  update(_name) {} // an attribute or property has changed; also called for each attribute after build
  arrived() {} // children came or went; also called when the page is parsed
  restore(_answer) {} // take up an answer that was given before

  // What goes into the answer under this element's name; undefined leaves it out.
  get answer() {
    return undefined;
  }

  // Why the answer cannot be handed in as it stands, or "".
  get problem() {
    return "";
  }

  // --- for elements to call ---

  // What an attribute says, or what a script set in its place.
  take(name) {
    return this.#set.has(name) ? this.#set.get(name) : KINDS[this.constructor.takes[name]](this.getAttribute(name));
  }

  give(name, value) {
    this.#set.set(name, typeof value === "string" && this.constructor.takes[name] === "data" ? relaxed(value) : value);
    if (this.#isBuilt) this.update(name);
  }

  // The worker changed the answer: the page and the draft are told.
  changed() {
    this.check();
    this.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    this.dispatchEvent(new Event("change", { bubbles: true, composed: true }));
  }

  // The problem shows only after the worker tried to hand in, and goes when it is mended.
  check() {
    if (!this.constructor.formAssociated || !this.#isBuilt) return;
    const { problem, answer } = this;
    this.internals.setValidity(problem ? { customError: true } : {}, problem);
    // In a plain form of the page, outside of a crowd-form, the answer goes along as text.
    this.internals.setFormValue(isObject(answer) ? JSON.stringify(answer) : (answer ?? null));
    if (!problem) this.showProblem("");
  }

  showProblem(problem = this.problem) {
    let line = this.shadowRoot.querySelector(".problem");
    if (!line) {
      if (!problem) return;
      line = make("p", { class: "problem", role: "alert", lang: language });
      this.shadowRoot.append(line);
    }
    line.textContent = problem;
    line.hidden = !problem;
  }

  // A child element that is one of the regions.
  region(name) {
    return [...this.children].find((child) => child.localName === name);
  }

  // --- what pages' scripts see ---

  get _submittableValue() {
    return this.answer;
  }

  get value() {
    return this.answer;
  }

  // What is given before the element stands in a page waits until it does.
  set value(answer) {
    if (!this.#isBuilt) {
      this.#early = { answer };
      return;
    }
    this.restore(answer);
    this.check();
  }

  get form() {
    return this.constructor.formAssociated ? this.internals.form : null;
  }

  get willValidate() {
    return this.constructor.formAssociated && this.internals.willValidate;
  }

  checkValidity() {
    this.check();
    return this.internals.checkValidity();
  }

  reportValidity() {
    const fits = this.checkValidity();
    if (!fits) {
      this.showProblem();
      this.focus();
    }
    return fits;
  }

  // --- what the browser calls ---

  connectedCallback() {
    if (this.#isBuilt) return;
    const own = new CSSStyleSheet();
    own.replaceSync(this.constructor.style);
    this.shadowRoot.adoptedStyleSheets = [LOOK, own];
    this.#takeEarlyProperties();
    this.build();
    this.#isBuilt = true;
    for (const name of this.constructor.observedAttributes) this.update(name);
    this.#childrenArrived();
    if (this.#early) this.value = this.#early.answer;
    new MutationObserver(() => this.#childrenArrived()).observe(this, { childList: true });
    whenParsed(() => this.#childrenArrived());
  }

  attributeChangedCallback(name) {
    this.#set.delete(name);
    if (this.#isBuilt) this.update(name);
  }

  #childrenArrived() {
    for (const child of this.children) {
      if (this.constructor.regions.includes(child.localName)) child.slot = child.localName;
    }
    this.arrived();
    this.check();
  }

  // Scripts above the one that defines the elements set plain properties, which would hide ours.
  #takeEarlyProperties() {
    for (const name of [...Object.keys(this.constructor.takes).map(inCamelCase), "value"]) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      whenParsed(() => {
        this[name] = value;
      });
    }
  }
}

function inCamelCase(name) {
  return name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
}

// Bring an element to life under its name, its attributes being properties as well.
function define(name, element) {
  for (const attribute of Object.keys(element.takes)) {
    const property = inCamelCase(attribute);
    if (property in element.prototype && property !== "title") continue; // the class has its own
    Object.defineProperty(element.prototype, property, {
      get() {
        return this.take(attribute);
      },
      set(value) {
        this.give(attribute, value);
      },
      configurable: true,
    });
  }
  if (!customElements.get(name)) customElements.define(name, element);
}

function whenParsed(act) {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", act, { once: true });
  else queueMicrotask(act);
}

// Templates wait for this before they reach into elements.
whenParsed(() => setTimeout(() => document.dispatchEvent(new Event("all-crowd-elements-ready"))));

// A dark page without a colour of its own lets the frame's white through; it is given its own ground.
whenParsed(() => {
  const isBare = (element) => getComputedStyle(element).backgroundColor === "rgba(0, 0, 0, 0)";
  const root = document.documentElement;
  if (isBare(root) && isBare(document.body)) root.style.backgroundColor = "Canvas";
});

// Behind the page's own handlers of that event.
function whenReady(act) {
  whenParsed(() => setTimeout(act, 1));
}
