// Needs: shared/text-picker.js shared/labelling.js shared/history.js shared/icons.js
// crowd-entity-annotation: labels for parts of a text. It stands alone and hands in by itself: in its shadow lies a
// crowd-form, which templates reach into, and in that the text.

class EntityText extends CrowdElement {
  static takes = { text: "text", labels: "data", "initial-value": "data" };
  static style = `${LABELLING_STYLE}${TEXT_STYLE}
    :host { display: grid; gap: .5rem; }
    .items .title { font-weight: 600; margin: .5rem 0 .25rem; }
    .items ol { list-style: none; margin: 0; padding: 0; display: grid; gap: .375rem; }
    .items li { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; border: 1px solid var(--line); border-radius: var(--round); padding: .25rem; }
    .items li.is-chosen { border-color: var(--accent); background: var(--accent-soft); }
    .items .name { flex: 1 1 10rem; display: flex; gap: .5rem; align-items: center; text-align: start; border: 0; background: none; overflow-wrap: anywhere; min-inline-size: 0; }
    .items select { min-block-size: var(--tap); max-inline-size: 100%; background: var(--paper); border: 1px solid var(--edge); border-radius: .375rem; }
  `;

  history = new History([]);
  active = null; // a label that is put on whatever is chosen next
  chosenId = null;
  #initial = [];
  #lastId = 0;

  build() {
    this.picker = new TextPicker(this, words.text_to_label);
    this.labelRow = make("div", { class: "labels", role: "group", "aria-label": words.draw_labels });
    this.buttons = {
      undo: iconButton("undo", words.draw_undo, () => this.#step("undo", words.draw_undone)),
      redo: iconButton("redo", words.draw_redo, () => this.#step("redo", words.draw_redone)),
    };
    this.adjust = make("span", { class: "tools" });
    const nudges = [
      ["⇤", words.text_start_back, "start", -1],
      ["↦", words.text_start_on, "start", 1],
      ["↤", words.text_end_back, "end", -1],
      ["⇥", words.text_end_on, "end", 1],
    ];
    for (const [sign, name, end, step] of nudges) {
      this.adjust.append(make("button", { type: "button", class: "tool", title: name, "aria-label": name, onclick: () => this.picker.nudge(end, step) }, sign));
    }
    const tools = make("div", { class: "tools", role: "toolbar", "aria-label": words.draw_tools, lang: language }, ...Object.values(this.buttons), this.adjust);
    this.hint = make("p", { class: "hint", id: "hint", lang: language });
    this.said = make("p", { class: "said", role: "status", lang: language });
    this.listTitle = make("p", { class: "title", id: "list-title", lang: language });
    this.rows = make("ol", { role: "list", "aria-labelledby": "list-title" });
    this.list = make("div", { class: "items" }, this.listTitle, this.rows);
    this.shadowRoot.append(this.labelRow, tools, this.picker.element, this.said, this.hint, keyTable(this.#keyRows()), this.list);
    this.shadowRoot.addEventListener("keydown", (event) => this.#key(event));
  }

  #keyRows() {
    return [
      [["←", "→"], words.key_word],
      [["Shift + →"], words.key_stretch],
      [["Ctrl + →", "Ctrl + Shift + →"], words.key_letter],
      [["1 … 9", "0"], words.key_text_label],
      [["N", "P"], words.key_next_mark],
      [["Delete"], words.key_remove_mark],
      [["Ctrl + Z", "Ctrl + Y"], words.key_undo],
      [["Esc"], words.key_escape],
    ];
  }

  update(name) {
    if (name === "text") this.picker.text = this.text;
    if (name === "text" || name === "initial-value") this.#startOver();
    this.refresh();
  }

  get text() {
    return this.take("text");
  }

  // [{label, full, short, colour}]
  get kinds() {
    const given = this.take("labels");
    return (Array.isArray(given) ? given : []).map((one, no) => {
      const label = String(isObject(one) ? one.label : one);
      return { label, full: String(one?.fullDisplayName ?? label), short: String(one?.shortDisplayName ?? label), colour: colourOf(no) };
    });
  }

  kindOf(label) {
    return this.kinds.find((kind) => kind.label === label);
  }

  // --- state and answer ---

  #startOver() {
    this.#initial = this.#entitiesFrom(this.take("initial-value"));
    this.history = new History(this.#initial);
  }

  #entitiesFrom(list) {
    const { text } = this;
    return (Array.isArray(list) ? list : [])
      .filter((one) => Number.isInteger(one?.startOffset) && Number.isInteger(one?.endOffset) && one.startOffset >= 0)
      .map(({ label, startOffset, endOffset }) => {
        const [start, end] = [startOffset, endOffset].map((offset) => placeOfCodePoint(text, offset));
        return { id: (this.#lastId += 1), label, start, end };
      })
      .filter(({ start, end }) => start < end);
  }

  get entities() {
    const shown = this.history.state.filter(({ label }) => this.kindOf(label));
    return shown.sort((one, other) => one.start - other.start || one.end - other.end);
  }

  get answer() {
    return {
      entities: this.entities.map(({ label, start, end }) => ({
        endOffset: codePointsBefore(this.text, end),
        label,
        startOffset: codePointsBefore(this.text, start),
      })),
    };
  }

  restore(answer) {
    this.history.push(this.#entitiesFrom(answer?.entities));
    this.refresh();
  }

  formResetCallback() {
    this.#startOver();
    this.refresh();
  }

  // --- verbs ---

  chooseLabel(label) {
    const chosen = this.chosen;
    if (this.picker.picked) this.#add(label);
    else if (chosen) this.#relabel(chosen, label);
    else {
      this.active = this.active === label ? null : label;
      this.refresh();
      this.announce(this.active ? say(words.text_label_active, { label: this.kindOf(label).full }) : words.text_label_off);
    }
  }

  #add(label) {
    const part = this.picker.letters.trimmed(this.picker.picked);
    if (!part) return;
    const entities = this.history.state.filter((one) => this.kindOf(one.label));
    const same = entities.find(({ start, end }) => start === part.start && end === part.end);
    if (!same && entities.some(({ start, end }) => start < part.end && part.start < end)) return this.announce(words.text_overlaps);
    this.picker.pick(null);
    if (same) return this.#relabel(same, label);
    const entity = { id: (this.#lastId += 1), label, ...part };
    this.#commit([...this.history.state, entity], say(words.text_labelled, { text: this.textOf(entity), label: this.kindOf(label).full }));
  }

  #relabel(entity, label) {
    if (entity.label === label) return;
    const changed = this.history.state.map((one) => (one.id === entity.id ? { ...one, label } : one));
    this.#commit(changed, say(words.text_labelled, { text: this.textOf(entity), label: this.kindOf(label).full }));
  }

  #remove(entity) {
    this.chosenId = null;
    this.#commit(this.history.state.filter(({ id }) => id !== entity.id), say(words.draw_removed, { name: this.textOf(entity) }));
  }

  #commit(state, text) {
    this.history.push(state);
    this.refresh();
    this.announce(text);
    this.changed();
  }

  #step(act, text) {
    this.picker.pick(null);
    if (!this.history[act]()) return;
    this.refresh();
    this.announce(text);
    this.changed();
  }

  get chosen() {
    return this.entities.find(({ id }) => id === this.chosenId) ?? null;
  }

  #choose(entity) {
    this.chosenId = entity?.id ?? null;
    if (entity) this.picker.pick(null);
    this.refresh();
    if (entity) this.announce(say(words.text_chosen, { text: this.textOf(entity), label: this.kindOf(entity.label).full }));
  }

  textOf({ start, end }) {
    return `“${this.text.slice(start, end)}”`;
  }

  // --- what the text tells (see TextPicker) ---

  picked(byHand) {
    if (this.picker.picked) this.chosenId = null;
    if (this.picker.picked && byHand && this.active) this.#add(this.active);
    else if (this.picker.picked) this.announce(say(words.text_picked, { text: this.textOf(this.picker.picked) }));
    this.refresh();
  }

  pressed(mark) {
    this.#choose(mark.id === this.chosenId ? null : mark);
  }

  // --- keys ---

  #key(event) {
    if (event.defaultPrevented || event.altKey || event.composedPath()[0].matches("select")) return;
    if (this.#takes(event)) event.preventDefault();
  }

  #takes(event) {
    const { code, key, shiftKey } = event;
    if (event.ctrlKey || event.metaKey) {
      if (code === "KeyZ" || code === "KeyY") {
        const isRedo = code === "KeyY" || shiftKey;
        this.#step(isRedo ? "redo" : "undo", isRedo ? words.draw_redone : words.draw_undone);
        return true;
      }
      return this.#isInText && this.picker.key(event);
    }
    const kind = this.kinds[digitOf(event)];
    if (kind) this.chooseLabel(kind.label);
    else if (!this.#isInText) return false;
    else if (code === "KeyN" || code === "KeyP") this.#go(code === "KeyN" ? 1 : -1);
    else if (key === "Delete" || key === "Backspace") this.#removeHere();
    else if (key === "Escape" && !this.picker.picked) this.#choose(null);
    else if ((key === "Enter" || key === " ") && this.active && this.picker.picked) this.#add(this.active);
    else return this.picker.key(event);
    return true;
  }

  get #isInText() {
    return this.shadowRoot.activeElement === this.picker.element;
  }

  #go(by) {
    const { entities } = this;
    if (!entities.length) return;
    const at = entities.findIndex(({ id }) => id === this.chosenId);
    this.#choose(entities[at < 0 ? (by > 0 ? 0 : entities.length - 1) : (at + by + entities.length) % entities.length]);
  }

  #removeHere() {
    const { picked } = this.picker;
    const here = this.chosen ?? (picked && this.entities.find(({ start, end }) => start < picked.end && picked.start < end));
    if (here) this.#remove(here);
  }

  // --- what is seen ---

  refresh() {
    if (!this.labelRow) return;
    const { picker, entities } = this;
    refill(
      this.labelRow,
      this.kinds.map(({ label, full, colour }, no) =>
        labelButton({ label, name: full, no, colour, isChosen: label === (this.chosen?.label ?? this.active) }, () => this.chooseLabel(label)),
      ),
    );
    picker.marks = entities.map((entity) => ({ ...entity, colour: this.kindOf(entity.label).colour, tag: this.kindOf(entity.label).short }));
    picker.chosen = picker.marks.find(({ id }) => id === this.chosenId) ?? null;
    picker.draw();
    this.buttons.undo.disabled = !this.history.canUndo;
    this.buttons.redo.disabled = !this.history.canRedo;
    this.adjust.hidden = !picker.picked;
    this.hint.textContent = this.#hintText();
    this.listTitle.textContent = say(words.text_list, { count: entities.length });
    this.list.hidden = entities.length === 0;
    refill(this.rows, entities.map((entity) => this.#row(entity)));
  }

  #hintText() {
    if (this.picker.picked) return words.text_hint_picked;
    if (this.chosen) return words.text_hint_chosen;
    return this.active ? words.text_hint_active : words.text_hint;
  }

  #row(entity) {
    const isChosen = entity.id === this.chosenId;
    const kind = this.kindOf(entity.label);
    const swatch = make("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.background = kind.colour;
    const facts = { type: "button", class: "name", "aria-pressed": String(isChosen), "data-key": `entity-${entity.id}` };
    const name = make("button", { ...facts, onclick: () => this.#choose(isChosen ? null : entity) }, swatch, `${this.textOf(entity)} · ${kind.full}`);
    const removeName = say(words.draw_remove_layer, { name: this.textOf(entity) });
    const remove = iconButton("remove", removeName, () => {
      this.#remove(entity);
      this.focus();
    });
    return make("li", { class: isChosen ? "is-chosen" : "" }, name, isChosen && this.#labelChoice(entity), remove);
  }

  #labelChoice(entity) {
    const options = this.kinds.map(({ label, full }) => make("option", { value: label, selected: label === entity.label }, full));
    const select = make("select", { "aria-label": words.draw_label, "data-key": "label" }, ...options);
    select.onchange = () => this.#relabel(entity, select.value);
    return select;
  }

  announce(text) {
    this.said.textContent = text;
  }

  focus() {
    this.picker.element.focus();
  }
}

customElements.define("crowd-form-entity-text", EntityText);

define("crowd-entity-annotation", class extends AnnotationElement {
  static takes = { name: "text", header: "text", text: "text", labels: "data", "initial-value": "data" };
  static formAssociated = false; // it is a form itself
  static style = AnnotationElement.frameStyle;

  build() {
    const workplace = this.buildFrame();
    this.editor = make("crowd-form-entity-text");
    this.inner = make("crowd-form", {}, this.editor);
    Object.defineProperty(this.inner, "form", { value: this.inner }); // templates append their own fields to it
    workplace.append(this.inner);
  }

  update(name) {
    super.update(name);
    if (name === "name") this.editor.setAttribute("name", this.take("name"));
    else if (name !== "header") this.editor.give(name, this.take(name));
  }

  get answer() {
    return this.editor.answer;
  }

  restore(answer) {
    this.editor.restore(answer);
  }

  submit() {
    this.inner.submit();
  }

  focus() {
    this.editor.focus();
  }
});
