// Needs: shared/picture.js shared/pairs.js
// crowd-textract-analyze-document: keys and values that a machine read from a form, to be checked and mended.

const SHEET_STYLE = `
  .sheet { display: grid; gap: 1rem; }
  @media (min-width: 48rem) { .sheet { grid-template-columns: 3fr 2fr; } .target { position: sticky; inset-block-start: 0; } }
  .pairs { display: grid; gap: .75rem; align-content: start; }
  fieldset { border: 1px solid var(--edge); border-radius: var(--round); margin: 0; padding: .5rem .75rem; min-inline-size: 0; }
  fieldset[aria-current="true"] { border-color: var(--accent); outline: 1px solid var(--accent); }
  legend { font-weight: 600; padding-inline: .25rem; overflow-wrap: anywhere; }
  fieldset > label { display: block; margin-block: .25rem; }
  fieldset > label > input { display: block; inline-size: 100%; min-block-size: var(--tap); padding: .25rem .5rem; color: var(--ink);
    background: var(--paper); border: 1px solid var(--edge); border-radius: var(--round); }
  fieldset > label > input:disabled { background: var(--sunken); color: var(--muted); }
  .tick { display: flex; gap: .5rem; align-items: center; min-block-size: var(--tap); }
  .tick input { inline-size: 1.25rem; block-size: 1.25rem; margin: 0; accent-color: var(--accent); }
  .sheet svg { touch-action: none; }
  .sheet svg rect { fill: transparent; stroke: var(--accent); stroke-width: 1; cursor: pointer; }
  .sheet svg .chosen { stroke-width: 3; fill: rgb(11 101 92 / .15); }
  .sheet svg .chosen.value { stroke-dasharray: 6 3; }
  .grip { position: absolute; inline-size: 2.75rem; block-size: 2.75rem; min-block-size: 0; min-inline-size: 0; padding: 0; margin: -1.375rem;
    background: none; border: 0; cursor: move; touch-action: none; }
  .grip::before { content: ""; position: absolute; inset: .875rem; background: var(--accent); border: 2px solid var(--paper); border-radius: 50%; }
`;

class CrowdAnalyzeDocument extends AnnotationElement {
  static takes = {
    name: "text", header: "text", src: "text", "initial-value": "data", "block-types": "data", keys: "data", "no-key-edit": "flag",
    "no-geometry-edit": "flag",
  };
  static style = `${AnnotationElement.frameStyle} ${PICTURE_STYLE} ${SHEET_STYLE}`;
  static ownName = "AWS/Textract/AnalyzeDocument/Forms/V1";

  #view = new PictureView();
  #list = make("div", { class: "pairs" });
  #pairs = [];
  #chosen = null;

  build() {
    this.buildFrame().append(make("div", { class: "sheet" }, this.#view.parts, this.#list));
    this.#list.lang = language;
    this.#view.image.addEventListener("load", () => this.#draw());
  }

  update(name) {
    super.update(name);
    if (name === "src") this.#view.show(this.take("src"), null);
    else if (name !== "header") this.#read();
    this.#draw();
  }

  // The machine's pairs, and after them the keys that were asked for and that it did not find.
  #read() {
    const found = pairsOf(this.take("initial-value"));
    const asked = (this.take("keys") ?? []).filter((one) => isObject(one) && one.importantFormKey);
    const known = new Set(found.map(({ keyText }) => plainly(keyText)));
    const missing = asked.filter((one) => ![one.importantFormKey, ...(one.importantFormKeyAliases ?? [])].some((name) => known.has(plainly(name))));
    this.#pairs = [
      ...found.map((pair) => this.#pair({ ...pair, keyPlace: placeOf(pair.key), valuePlace: placeOf(pair.values[0]) })),
      ...missing.map((one) => this.#pair({ keyText: one.importantFormKey, valueText: "", isAsked: true })),
    ];
    this.#list.replaceChildren(...this.#pairs.map(({ fieldset }) => fieldset));
    this.#choose(this.#pairs[0] ?? null);
  }

  #pair(facts) {
    const pair = { ...facts };
    pair.isOut = tick(facts.isAsked ? words.key_not_found : words.not_a_pair);
    pair.isBlank = tick(words.value_is_blank);
    pair.keyBox = make("input", { value: facts.keyText, readOnly: !facts.isAsked && this.take("no-key-edit") });
    pair.valueBox = make("input", { value: facts.valueText });
    const legend = make("legend", {}, facts.keyText || words.key);
    const fields = [make("label", {}, words.key, pair.keyBox), make("label", {}, words.value, pair.valueBox)];
    pair.fieldset = make("fieldset", {}, legend, ...fields, pair.isBlank.label, pair.isOut.label);
    pair.fieldset.addEventListener("focusin", () => this.#choose(pair));
    pair.fieldset.addEventListener("click", () => this.#choose(pair));
    pair.fieldset.addEventListener("change", (event) => event.stopPropagation());
    pair.fieldset.addEventListener("input", (event) => {
      event.stopPropagation();
      this.#settle();
      this.changed();
    });
    return pair;
  }

  #choose(pair) {
    if (pair === this.#chosen) return;
    this.#chosen = pair;
    for (const one of this.#pairs) one.fieldset.setAttribute("aria-current", String(one === pair));
    this.#draw();
  }

  // Boxes around all keys and values; the chosen pair's are thick, and can be moved by their corners.
  #draw() {
    const { frame, image } = this.#view;
    const sheet = svg("svg", { viewBox: "0 0 1 1", preserveAspectRatio: "none", "aria-hidden": "true" });
    for (const pair of this.#pairs) {
      for (const kind of ["key", "value"]) {
        const place = pair[`${kind}Place`];
        if (!place) continue;
        const { left: x, top: y, width, height } = place;
        const box = svg("rect", { x, y, width, height, class: `${kind} ${pair === this.#chosen ? "chosen" : ""}` });
        box.addEventListener("click", () => pair.valueBox.focus());
        sheet.append(box);
      }
    }
    const grips = this.take("no-geometry-edit") ? [] : this.#grips();
    frame.replaceChildren(image, sheet, ...grips);
  }

  #grips() {
    const pair = this.#chosen;
    return ["key", "value"].flatMap((kind) => {
      const place = pair?.[`${kind}Place`];
      if (!place) return [];
      const title = kind === "key" ? pair.keyBox.value : pair.valueBox.value;
      return [false, true].map((isEnd) => this.#grip(place, isEnd, say(isEnd ? words.lower_right_of : words.upper_left_of, { what: title })));
    });
  }

  // A corner to drag, or to move by the arrow keys a hundredth of the picture at a time.
  #grip(place, isEnd, name) {
    const grip = make("button", { type: "button", class: "grip", "aria-label": name });
    const put = () => {
      grip.style.insetInlineStart = `${100 * (place.left + (isEnd ? place.width : 0))}%`;
      grip.style.insetBlockStart = `${100 * (place.top + (isEnd ? place.height : 0))}%`;
    };
    const move = (x, y) => {
      moveCorner(place, isEnd, x, y);
      put();
      this.#redrawBoxes();
      this.changed();
    };
    grip.addEventListener("pointerdown", (event) => grip.setPointerCapture(event.pointerId));
    grip.addEventListener("pointermove", (event) => {
      if (!grip.hasPointerCapture(event.pointerId)) return;
      const ground = this.#view.image.getBoundingClientRect();
      move((event.clientX - ground.left) / ground.width, (event.clientY - ground.top) / ground.height);
    });
    grip.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (!step) return;
      event.preventDefault();
      const x = place.left + (isEnd ? place.width : 0) + step[0] / 100;
      move(x, place.top + (isEnd ? place.height : 0) + step[1] / 100);
    });
    put();
    return grip;
  }

  #redrawBoxes() {
    const boxes = this.#view.frame.querySelectorAll("rect");
    const places = this.#pairs.flatMap((pair) => [pair.keyPlace, pair.valuePlace].filter(Boolean));
    for (const [at, { left: x, top: y, width, height }] of places.entries()) {
      for (const [name, value] of Object.entries({ x, y, width, height })) boxes[at].setAttribute(name, value);
    }
  }

  get answer() {
    const kept = this.#pairs.filter((pair) => !pair.isOut.box.checked && (!pair.isAsked || pair.valueBox.value || pair.isBlank.box.checked));
    return { blocks: kept.flatMap((pair) => this.#blocks(pair)) };
  }

  #blocks(pair) {
    pair.newId ??= newId();
    const value = pair.values?.[0] ?? { id: pair.newId, entityTypes: ["VALUE"] };
    const key = pair.key ?? {
      id: (pair.newKeyId ??= newId()),
      entityTypes: ["KEY"],
      relationships: [{ type: "VALUE", ids: [pair.newId] }],
    };
    const text = pair.isBlank.box.checked ? "" : pair.valueBox.value;
    const made = blockOf(key, pair.keyBox.value, pair.keyPlace);
    // The machine may have found a key without a value.
    if (!linked(key, "VALUE").length) made.relationships = [...(made.relationships ?? []), { type: "VALUE", ids: [pair.newId] }];
    return [made, blockOf(value, text, pair.valuePlace)];
  }

  // A pair of the machine's that is not in the answer was none; a key that was asked for may just be open.
  restore(answer) {
    const kept = pairsOf(isObject(answer) ? answer.blocks : []);
    for (const pair of this.#pairs) {
      const id = pair.key && part(pair.key, "id");
      const found = kept.find((one) => (id ? part(one.key, "id") === id : plainly(one.keyText) === plainly(pair.keyText)));
      pair.isOut.box.checked = !found && !pair.isAsked;
      if (!found) continue;
      pair.keyBox.value = found.keyText;
      pair.valueBox.value = found.valueText;
      pair.isBlank.box.checked = !found.valueText && Boolean(pair.isAsked || pair.valueText);
      Object.assign(pair.keyPlace ?? {}, placeOf(found.key));
      Object.assign(pair.valuePlace ?? {}, placeOf(found.values[0]));
    }
    this.#settle();
    this.#draw();
  }

  formResetCallback() {
    this.#read();
    this.#draw();
    this.check();
  }

  #settle() {
    for (const { isOut, isBlank, valueBox } of this.#pairs) {
      valueBox.disabled = isBlank.box.checked || isOut.box.checked;
      isBlank.box.disabled = isOut.box.checked;
    }
  }

  focus() {
    this.#pairs[0]?.valueBox.focus();
  }
}

function tick(text) {
  const box = make("input", { type: "checkbox" });
  return { box, label: make("label", { class: "tick" }, box, text) };
}

// Spelling that does not matter when a key is looked for.
function plainly(text) {
  return String(text).toLowerCase().replace(/[\s:.]+/g, " ").trim();
}

// A corner stays within the picture, and on its side of the other one; nobody aims better than at a thousandth.
function moveCorner(place, isEnd, x, y) {
  const within = (value, least, most) => Math.min(Math.max(Math.round(1000 * value) / 1000, least), most);
  const [right, bottom] = [place.left + place.width, place.top + place.height];
  if (isEnd) {
    place.width = within(x, place.left + 0.005, 1) - place.left;
    place.height = within(y, place.top + 0.005, 1) - place.top;
    return;
  }
  place.left = within(x, 0, right - 0.005);
  place.top = within(y, 0, bottom - 0.005);
  place.width = right - place.left;
  place.height = bottom - place.top;
}

define("crowd-textract-analyze-document", CrowdAnalyzeDocument);
