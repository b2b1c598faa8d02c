// What the four classifiers have in common: something to look at, and categories to choose from.

class Classifier extends AnnotationElement {
  static takes = { name: "text", header: "text", categories: "data" };
  static regions = [...AnnotationElement.regions, "classification-target"];
  static style = `${AnnotationElement.frameStyle}
    .target { margin-block-end: 1rem; overflow-wrap: anywhere; }
    fieldset { border: 0; padding: 0; margin: 0; min-inline-size: 0; }
    .category-picker-wrapper { display: grid; gap: .5rem; }
    @media (min-width: 30rem) { .category-picker-wrapper { grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr)); } }
    .choice {
      display: flex; gap: .75rem; align-items: center; min-block-size: var(--tap); padding: .25rem .75rem; cursor: pointer;
      background: var(--paper); border: 1px solid var(--edge); border-radius: var(--round); overflow-wrap: anywhere;
    }
    .choice:has(:checked) { background: var(--accent-soft); border-color: var(--accent); outline: 1px solid var(--accent); }
    .choice:has(:focus-visible) { outline: 3px solid var(--accent); outline-offset: 2px; }
    .choice input { inline-size: 1.25rem; block-size: 1.25rem; margin: 0; flex: none; accent-color: var(--accent); }
    .choice input:focus-visible { outline: none; }
  `;

  get several() {
    return false;
  }

  build() {
    this.choices = make("div", { class: "category-picker-wrapper" });
    this.buildTarget(this.buildFrame());
    const legend = make("legend", { class: "unseen", lang: language }, this.several ? words.choose_all : words.choose_one);
    this.workplace.append(make("fieldset", {}, legend, this.choices));
    this.choices.addEventListener("change", (event) => {
      this.picked(event.target);
      this.changed();
    });
  }

  buildTarget(workplace) {
    workplace.append(make("div", { class: "target" }, make("slot", { name: "classification-target" })));
  }

  picked(_box) {}

  update(name) {
    super.update(name);
    if (name !== "categories" && name !== "exclusion-category") return;
    const before = this.chosen;
    this.choices.replaceChildren(...this.categories.map((category) => this.#choice(category, before.includes(category))));
    this.check();
  }

  #choice(category, checked) {
    const type = this.several ? "checkbox" : "radio";
    return make("label", { class: "choice" }, make("input", { type, name: "category", value: category, checked }), category);
  }

  get categories() {
    const given = this.take("categories");
    return (Array.isArray(given) ? given : []).map((one) => (isObject(one) ? String(one.name ?? one.label) : String(one)));
  }

  set categories(list) {
    this.give("categories", list);
  }

  get chosen() {
    return [...this.choices.querySelectorAll("input:checked")].map((box) => box.value);
  }

  choose(categories) {
    for (const box of this.choices.querySelectorAll("input")) box.checked = categories.includes(box.value);
  }

  get answer() {
    return this.chosen.length ? { label: this.chosen[0] } : undefined;
  }

  restore(answer) {
    this.choose(isObject(answer) ? [answer.label] : []);
  }

  get problem() {
    return this.chosen.length ? "" : words.choose_one;
  }

  focus() {
    this.choices.querySelector("input")?.focus();
  }

  formResetCallback() {
    this.choose([]);
    this.check();
  }
}

// Several categories, or the one that says that none fits: choosing it takes the others away, and back.
class MultiClassifier extends Classifier {
  static takes = { ...Classifier.takes, "exclusion-category": "data" };

  get several() {
    return true;
  }

  get categories() {
    return [...super.categories, ...this.exclusion];
  }

  set categories(list) {
    super.categories = list;
  }

  get exclusion() {
    const given = this.take("exclusion-category");
    const text = isObject(given) ? given.text : Array.isArray(given) ? given[0] : given;
    return text ? [String(text)] : [];
  }

  picked(box) {
    if (!box.checked) return;
    const isNone = this.exclusion.includes(box.value);
    this.choose(this.chosen.filter((one) => this.exclusion.includes(one) === isNone));
  }

  get answer() {
    return { labels: this.chosen };
  }

  restore(answer) {
    this.choose(isObject(answer) && Array.isArray(answer.labels) ? answer.labels : []);
  }

  // Who can say that none fits must say something.
  get problem() {
    return this.chosen.length || !this.exclusion.length ? "" : words.choose_some;
  }
}
