// Needs: shared/letters.js
// A text in which a part can be chosen: by drawing over it, by pressing its first and its last word, or by keys.
// Parts begin and end between letters, never inside one.
//
// The owner gives `marks` [{start, end, colour, tag}] that lie in the text, and is told: picked(byHand), pressed(mark).

const TEXT_STYLE = `
  .passage {
    white-space: pre-wrap; overflow-wrap: anywhere; line-height: 2.4; padding: .5rem .75rem; border: 1px solid var(--edge);
    border-radius: var(--round); background: var(--paper); cursor: text; touch-action: pan-y; font-size: 1.125rem;
    user-select: none; -webkit-user-select: none; max-block-size: 70vh; overflow-y: auto; position: relative;
  }
  .passage .marked { background: color-mix(in srgb, var(--mark) 22%, var(--paper)); box-shadow: inset 0 -3px var(--mark); padding-block: .125rem; }
  .passage .chosen { outline: 2px solid var(--accent); outline-offset: -1px; }
  .passage .picked { background: var(--accent); color: var(--on-accent); padding-block: .125rem; }
  .passage .tag {
    font-size: .75rem; font-weight: 700; line-height: 1.4; padding: 0 .25rem; margin-inline: .125rem .25rem; border-radius: .25rem;
    vertical-align: super; white-space: nowrap;
  }
`;

class TextPicker {
  marks = [];
  chosen = null; // the mark that the owner shows as chosen
  picked = null; // {start, end} of the part that is chosen
  letters = new Letters("");
  #from = null; // the place where the pointer went down
  #isDrawing = false;
  #taps = 0;
  #frame = 0;

  constructor(owner, name) {
    this.owner = owner;
    this.element = make("div", { class: "passage", tabIndex: 0, role: "application", "aria-label": name, "aria-describedby": "hint" });
    this.element.addEventListener("pointerdown", (event) => this.#down(event));
    this.element.addEventListener("pointermove", (event) => this.#move(event));
    this.element.addEventListener("pointerup", (event) => this.#up(event));
    this.element.addEventListener("pointercancel", () => this.#cancel());
  }

  set text(text) {
    this.letters = new Letters(text);
    this.picked = null;
    this.draw();
  }

  get text() {
    return this.letters.text;
  }

  get pickedText() {
    return this.picked ? this.text.slice(this.picked.start, this.picked.end) : "";
  }

  // `byHand`: a pointer has chosen, and means it; keys pass over much before they arrive.
  pick(part, { byHand = false } = {}) {
    this.picked = part ? this.letters.trimmed(part) : null;
    if (!this.picked) this.#taps = 0;
    this.draw();
    this.owner.picked(byHand);
  }

  draw() {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.element.replaceChildren(...this.#parts());
    });
  }

  // The text cut wherever a word, a mark or the chosen part begins or ends; tags stand behind their marks.
  #parts() {
    const places = [0, this.text.length, ...this.letters.wordParts.flatMap(({ start, end }) => [start, end])];
    for (const part of [...this.marks, ...(this.picked ? [this.picked] : [])]) places.push(part.start, part.end);
    const cuts = [...new Set(places)].sort((one, other) => one - other);
    return cuts.slice(0, -1).flatMap((start, no) => [this.#part(start, cuts[no + 1]), ...this.#tagsAt(cuts[no + 1])]);
  }

  #part(start, end) {
    const span = make("span", { "data-start": String(start) }, this.text.slice(start, end));
    const mark = this.markAt(start);
    if (mark) {
      span.classList.add("marked");
      span.style.setProperty("--mark", mark.colour);
      span.classList.toggle("chosen", mark === this.chosen);
    }
    const isPicked = this.picked && start >= this.picked.start && end <= this.picked.end;
    span.classList.toggle("picked", Boolean(isPicked));
    return span;
  }

  #tagsAt(end) {
    return this.marks.filter((mark) => mark.end === end).map(({ colour, tag }) => {
      const sign = make("span", { class: "tag" }, tag);
      sign.style.background = colour;
      sign.style.color = inkOn(colour);
      return sign;
    });
  }

  markAt(place) {
    return this.marks.findLast(({ start, end }) => start <= place && place < end) ?? null;
  }

  // --- pointer and finger ---

  #down(event) {
    if (event.button > 0) return;
    this.element.focus({ preventScroll: true });
    this.#from = this.#placeOf(event);
    this.#isDrawing = false;
    if (this.#from !== null && event.pointerType === "mouse") this.element.setPointerCapture(event.pointerId);
  }

  #move(event) {
    if (this.#from === null) return;
    const to = this.#placeOf(event);
    if (to === null || (to === this.#from && !this.#isDrawing)) return;
    if (!this.#isDrawing) this.element.setPointerCapture(event.pointerId);
    this.#isDrawing = true;
    this.#span(this.#from, to);
    this.draw();
  }

  #up(event) {
    const [from, wasDrawing] = [this.#from, this.#isDrawing];
    this.#from = null;
    this.#isDrawing = false;
    if (from === null) return;
    if (!wasDrawing) return this.#tap(from, event);
    this.#taps = 0;
    this.pick(this.picked, { byHand: true });
  }

  #cancel() {
    if (this.#isDrawing) this.picked = null;
    this.#from = null;
    this.#isDrawing = false;
    this.draw();
  }

  // From one letter to another, both included.
  #span(one, other) {
    const [start, end] = [Math.min(one, other), Math.max(one, other)];
    this.picked = { start: this.letters.before(start), end: this.letters.step(end, 1) };
  }

  // The first press chooses a word, a second one everything up to that word; the same word again, nothing.
  #tap(place, { shiftKey }) {
    const mark = this.markAt(place);
    if (mark && !this.picked) return this.owner.pressed(mark);
    const word = this.letters.wordAt(place) ?? this.letters.trimmed({ start: place, end: this.letters.step(place, 1) });
    if (!word) return this.pick(null);
    if (!this.picked || (this.#taps !== 1 && !shiftKey)) {
      this.#taps = 1;
      return this.pick(word, { byHand: true });
    }
    this.#taps = 2;
    const { start, end } = this.picked;
    if (word.start === start && word.end === end) return this.pick(null);
    this.pick({ start: Math.min(start, word.start), end: Math.max(end, word.end) }, { byHand: true });
  }

  // The cut before the letter under the pointer, or null.
  #placeOf({ clientX, clientY }) {
    const part = this.element.getRootNode().elementFromPoint(clientX, clientY)?.closest?.("[data-start]");
    if (!part || !this.element.contains(part)) return null;
    const first = Number(part.dataset.start);
    const range = document.createRange();
    const node = part.firstChild;
    for (let place = first; place < first + node.length; ) {
      const next = Math.min(this.letters.step(place, 1), first + node.length);
      range.setStart(node, place - first);
      range.setEnd(node, Math.max(next - first, place - first + 1));
      const isHere = [...range.getClientRects()].some(
        ({ left, right, top, bottom }) => clientX >= left && clientX <= right && clientY >= top - 4 && clientY <= bottom + 4,
      );
      if (isHere) return this.letters.before(place);
      if (next <= place) break;
      place = next;
    }
    return this.letters.before(first);
  }

  // --- keys ---

  // Whether the key was one of ours.
  key(event) {
    const { key, shiftKey, ctrlKey, metaKey } = event;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key];
    if (step !== undefined) {
      if (ctrlKey || metaKey) this.nudge(shiftKey ? "start" : "end", step);
      else if (shiftKey) this.#stretch(step);
      else this.#nextWord(step);
    } else if (key === "Home" || key === "End") this.#pickWord(this.letters.wordParts.at(key === "Home" ? 0 : -1));
    else if (key === "Escape") this.pick(null);
    else return false;
    return true;
  }

  #nextWord(step) {
    const all = this.letters.wordParts;
    if (!this.picked) return this.#pickWord(all.at(step > 0 ? 0 : -1));
    const next = step > 0 ? all.find(({ start }) => start >= this.picked.end) : all.findLast(({ end }) => end <= this.picked.start);
    this.#pickWord(next ?? all.at(step > 0 ? -1 : 0));
  }

  #pickWord(word) {
    if (word) this.pick(word);
    this.element.querySelector(`[data-start="${word?.start}"]`)?.scrollIntoView({ block: "nearest" });
  }

  // The end a word further or back; one word always stays.
  #stretch(step) {
    if (!this.picked) return this.#nextWord(step);
    const { start, end } = this.picked;
    const ends = this.letters.wordParts.map((word) => word.end);
    const to = step > 0 ? ends.find((place) => place > end) : ends.findLast((place) => place < end && place > start);
    if (to !== undefined) this.pick({ start, end: to });
  }

  // One end of the chosen part moved by a letter.
  nudge(end, step) {
    if (!this.picked) return;
    const moved = { ...this.picked, [end]: this.letters.step(this.picked[end], step) };
    if (moved.start >= moved.end) return;
    this.picked = moved;
    this.draw();
    this.owner.picked(false);
  }
}
