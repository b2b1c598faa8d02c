// What is drawn, as a list of words and numbers: to read, to choose from, and to set to the pixel.

const SHAPE_LIST_STYLE = `
  .items { display: grid; gap: .375rem; }
  .items .title { font-weight: 600; margin: .5rem 0 0; }
  .items ol { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .375rem; }
  .item { border: 1px solid var(--line); border-radius: var(--round); min-inline-size: 0; }
  .item.is-chosen { flex: 1 0 100%; border-color: var(--accent); background: var(--accent-soft); }
  .item > button { border: 0; background: none; inline-size: 100%; display: flex; gap: .5rem; align-items: center; text-align: start; padding-inline: .5rem; overflow-wrap: anywhere; }
  .numbers, .exact { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; }
  .numbers { padding: .5rem; }
  .numbers details { flex: 1 0 100%; } .numbers summary { cursor: pointer; min-block-size: var(--tap); align-content: center; }
  .numbers label { display: grid; font-size: .875rem; min-inline-size: 0; }
  .numbers input { inline-size: 5.5rem; } .numbers select { max-inline-size: 100%; }
  .numbers :is(input, select) {
    min-block-size: var(--tap); padding: .25rem .5rem; background: var(--paper); border: 1px solid var(--edge); border-radius: .375rem;
  }
  .numbers fieldset { border: 0; padding: 0; margin: 0; display: flex; gap: .5rem; min-inline-size: 0; }
  .numbers legend { font-size: .875rem; padding: 0; color: var(--muted); }
`;

class ShapeList {
  isExact = false; // whether the numbers are open, on a phone

  constructor(owner) {
    this.owner = owner;
    this.title = make("p", { class: "title", id: "list-title", lang: language });
    this.rows = make("ol", { role: "list", "aria-labelledby": "list-title" });
    this.element = make("div", { class: "items" }, this.title, this.rows);
  }

  // All rows anew.
  refresh() {
    const { shapes } = this.owner;
    this.title.textContent = say(words.draw_list, { count: shapes.length });
    this.element.hidden = shapes.length === 0;
    refill(this.rows, shapes.map((shape) => this.#row(shape)));
  }

  #row(shape) {
    const isChosen = shape.id === this.owner.chosenId;
    const swatch = make("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.background = this.owner.colourOf(shape.label);
    const facts = { type: "button", "aria-pressed": String(isChosen), "data-key": `item-${shape.id}` };
    const choose = () => this.owner.choose(isChosen ? null : shape.id);
    const name = make("button", { ...facts, onclick: choose }, swatch, this.owner.nameOf(shape));
    return make("li", { class: isChosen ? "item is-chosen" : "item" }, name, isChosen && this.#editor(shape));
  }

  #editor(shape) {
    const remove = make("button", { type: "button", lang: language, "data-key": "remove", onclick: () => this.#remove() }, words.draw_remove);
    return make("div", { class: "numbers" }, this.#labelChoice(shape), remove, this.#exactly(shape));
  }

  // Fingers move the corners; the fields stand open where somebody types, and are a press away on a phone.
  #exactly(shape) {
    const fields = make("div", { class: "exact" }, ...this.#numbers(shape));
    if (!matchMedia("(hover: none) and (pointer: coarse)").matches) return fields;
    const summary = make("summary", { lang: language, "data-key": "exact" }, words.draw_exactly);
    const details = make("details", { open: this.isExact }, summary, fields);
    details.ontoggle = () => (this.isExact = details.open);
    return details;
  }

  #remove() {
    this.owner.handle = null;
    this.owner.remove();
    this.owner.focus();
  }

  #labelChoice(shape) {
    if (this.owner.labels.length < 2) return null;
    const options = this.owner.labels.map((label) => make("option", { selected: label === shape.label }, label));
    const select = make("select", { "data-key": "label" }, ...options);
    select.onchange = () => this.owner.relabel(shape, select.value);
    return make("label", {}, make("span", { lang: language }, words.draw_label), select);
  }

  #numbers(shape) {
    if (this.owner.kind === BOX) return this.#boxNumbers(shape);
    return shape.points.map(({ x, y }, no) => {
      const set = (name) => (value) => {
        const { points } = this.#asItIs(shape);
        const point = onPicture({ ...points[no], [name]: value }, this.owner.picture);
        this.owner.reshape(shape, points.map((one, i) => (i === no ? point : one)));
      };
      const fields = [this.#number("x", x, `x-${no}`, set("x")), this.#number("y", y, `y-${no}`, set("y"))];
      if (shape.points.length === 1) return make("fieldset", {}, ...fields);
      return make("fieldset", {}, make("legend", { lang: language }, say(words.draw_point_no, { no: no + 1 })), ...fields);
    });
  }

  #boxNumbers(shape) {
    const now = this.owner.kind.answerOf(shape);
    const names = { left: words.draw_left, top: words.draw_top, width: words.draw_width, height: words.draw_height };
    return Object.entries(names).map(([key, name]) =>
      this.#number(name, now[key], key, (value) => {
        const all = this.owner.kind.answerOf(this.#asItIs(shape));
        const [a, b] = this.owner.kind.pointsOf({ ...all, [key]: Math.max(value, 0) });
        this.owner.reshape(shape, [onPicture(a, this.owner.picture), onPicture(b, this.owner.picture)]);
      }),
    );
  }

  // A field that loses the focus because its row is made anew still tells its change.
  #asItIs(shape) {
    return this.owner.shapes.find(({ id }) => id === shape.id) ?? shape;
  }

  #number(name, value, key, set) {
    const input = make("input", { type: "number", inputMode: "numeric", step: "any", min: "0", value: String(value), "data-key": key });
    input.onchange = () => {
      if (input.value !== "" && Number.isFinite(input.valueAsNumber)) set(input.valueAsNumber);
      else input.value = String(value);
    };
    // Enter sets the number; it does not hand the work in.
    input.onkeydown = (event) => {
      if (event.key === "Enter") event.preventDefault();
      if (event.key === "Enter") input.onchange();
    };
    return make("label", {}, make("span", { lang: language }, name), input);
  }
}
