// What attributes hold, and how answers come together.

// A list or an object as templates write it: JSON, but also with single quotes, bare words and commas too many.
// Text that is no such thing is a list of its parts between commas.
function relaxed(text) {
  if (typeof text !== "string") return text;
  const trimmed = text.trim();
  if (!trimmed) return null;
  try {
    return JSON.parse(trimmed);
  } catch {
    return /^[[{]/.test(trimmed) ? new Relaxed(trimmed).read() : trimmed.split(",").map((part) => part.trim());
  }
}

class Relaxed {
  #text;
  #at = 0;

  constructor(text) {
    this.#text = text;
  }

  // The value, or null where brackets or quotes do not close.
  read() {
    try {
      const value = this.#value();
      this.#blank();
      return this.#at === this.#text.length ? value : null;
    } catch (fault) {
      if (fault instanceof SyntaxError) return null;
      throw fault;
    }
  }

  #value() {
    this.#blank();
    const sign = this.#text[this.#at];
    if (sign === "[") return this.#list();
    if (sign === "{") return this.#object();
    if (sign === '"' || sign === "'") return this.#quoted(sign);
    return this.#bare();
  }

  #list() {
    const list = [];
    this.#at += 1;
    while (!this.#closes("]")) list.push(this.#value());
    return list;
  }

  #object() {
    const object = {};
    this.#at += 1;
    while (!this.#closes("}")) {
      const name = String(this.#value());
      this.#blank();
      if (this.#text[this.#at] !== ":") throw new SyntaxError("a name without its value");
      this.#at += 1;
      // Not by assignment: a name like __proto__ is a name like every other.
      Object.defineProperty(object, name, { value: this.#value(), enumerable: true, configurable: true, writable: true });
    }
    return object;
  }

  // Whether the bracket closes here; a comma before the next value, or one too many, is stepped over.
  #closes(bracket) {
    this.#blank();
    if (this.#text[this.#at] === ",") {
      this.#at += 1;
      this.#blank();
    }
    if (this.#at >= this.#text.length) throw new SyntaxError("not closed");
    if (this.#text[this.#at] !== bracket) return false;
    this.#at += 1;
    return true;
  }

  #quoted(quote) {
    let read = "";
    for (this.#at += 1; this.#text[this.#at] !== quote; this.#at += 1) {
      if (this.#at >= this.#text.length) throw new SyntaxError("not closed");
      read += this.#text[this.#at] === "\\" ? this.#escaped() : this.#text[this.#at];
    }
    this.#at += 1;
    return read;
  }

  #escaped() {
    const sign = this.#text[(this.#at += 1)];
    if (sign !== "u") return { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" }[sign] ?? sign ?? "";
    const code = this.#text.slice(this.#at + 1, this.#at + 5);
    if (!/^[0-9a-f]{4}$/i.test(code)) return sign;
    this.#at += 4;
    return String.fromCharCode(Number.parseInt(code, 16));
  }

  #bare() {
    const [word] = /^[^,:[\]{}]*/.exec(this.#text.slice(this.#at));
    if (!word.trim()) throw new SyntaxError("nothing where a value should be");
    this.#at += word.length;
    const text = word.trim();
    const known = { true: true, True: true, false: false, False: false, null: null, None: null };
    if (Object.hasOwn(known, text)) return known[text];
    return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
  }

  // Blanks and, as in documented examples, remarks.
  #blank() {
    const skipped = /(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;
    skipped.lastIndex = this.#at;
    skipped.exec(this.#text);
    this.#at = skipped.lastIndex;
  }
}

// How each kind of attribute is read; null means that it is not there.
const KINDS = {
  text: (text) => text ?? "",
  number: (text) => (text === null || text.trim() === "" || Number.isNaN(Number(text)) ? null : Number(text)),
  // A switch: being there turns it on. Nobody who writes "false" means yes.
  flag: (text) => text !== null && text.trim().toLowerCase() !== "false",
  data: (text) => (text === null ? null : relaxed(text)),
};

// Add one element's answer to the object of all. Boxes of one name are one object; other doubles become a list.
function addAnswer(all, name, answer) {
  if (answer === undefined || !name) return;
  const before = Object.hasOwn(all, name) ? all[name] : undefined;
  let together = answer;
  if (isObject(before) && isObject(answer)) together = { ...before, ...answer };
  else if (before !== undefined) together = [...(Array.isArray(before) ? before : [before]), answer];
  Object.defineProperty(all, name, { value: together, enumerable: true, configurable: true, writable: true });
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// A number in the reader's digits.
function inDigits(number) {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 6 }).format(number);
}

// A sentence of the catalogue with its {places} filled.
function say(sentence, facts = {}) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => {
    const fact = facts[name];
    return typeof fact === "number" ? inDigits(fact) : String(fact);
  });
}

// An element with properties and children: make("button", { type: "button", onclick: go }, "Go").
// Names with a hyphen, `role`, `for`, `part` and `slot` become attributes, `class` the class, all others properties.
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name.includes("-") || ["class", "role", "for", "part", "slot", "lang"].includes(name)) element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}
