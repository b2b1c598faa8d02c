// Needs: shared/text-picker.js shared/labelling.js
// crowd-question-answer-generation: questions about a text and their answers, in the worker's own words or the
// text's.

class QuestionAnswer extends AnnotationElement {
  static takes = {
    name: "text",
    header: "text",
    text: "text",
    "min-questions": "number",
    "max-questions": "number",
    "question-min-words": "number",
    "question-max-words": "number",
    "answer-min-words": "number",
    "answer-max-words": "number",
    "question-tags": "data",
    "allow-custom-question-tags": "flag",
  };
  static style = `${AnnotationElement.frameStyle}${LABELLING_STYLE}${TEXT_STYLE}
    .work { display: grid; gap: .75rem; }
    .pairs { display: grid; gap: .75rem; list-style: none; margin: 0; padding: 0; }
    .pair { border: 1px solid var(--line); border-radius: var(--round); padding: .75rem; display: grid; gap: .5rem; min-inline-size: 0; }
    .pair .title { font-weight: 600; margin: 0; }
    .pair label { display: grid; font-weight: 600; }
    .pair :is(textarea, input[type="text"]) {
      font-weight: 400; min-block-size: var(--tap); inline-size: 100%; padding: .5rem .75rem; background: var(--paper);
      border: 1px solid var(--edge); border-radius: .375rem; resize: vertical;
    }
    .pair fieldset { border: 0; padding: 0; margin: 0; display: flex; flex-wrap: wrap; gap: .375rem; min-inline-size: 0; }
    .pair legend { padding: 0; font-weight: 600; }
    .pair .tag-choice { display: flex; gap: .375rem; align-items: center; min-block-size: var(--tap); padding: .25rem .75rem; border: 1px solid var(--edge); border-radius: var(--round); font-weight: 400; overflow-wrap: anywhere; }
    .tag-choice:has(:checked) { background: var(--accent-soft); border-color: var(--accent); }
    .tag-choice input { inline-size: 1.25rem; block-size: 1.25rem; margin: 0; accent-color: var(--accent); }
  `;

  #pairs = []; // {question, answer, tags, part}: part is where in the text the answer was taken
  #started = false;

  build() {
    const workplace = this.buildFrame();
    this.picker = new TextPicker(this, words.ask_text);
    this.hint = make("p", { class: "hint", id: "hint", lang: language }, words.ask_hint);
    this.said = make("p", { class: "said", role: "status", lang: language });
    this.rows = make("ol", { class: "pairs", role: "list" });
    this.addButton = make("button", { type: "button", lang: language, onclick: () => this.#add() }, words.ask_add);
    workplace.append(this.picker.element, this.hint, this.said, this.rows, make("div", {}, this.addButton));
    this.picker.element.addEventListener("keydown", (event) => {
      if (this.picker.key(event)) event.preventDefault();
    });
  }

  update(name) {
    super.update(name);
    if (name === "text") {
      this.picker.text = this.take("text");
      this.picker.element.hidden = !this.take("text");
      this.hint.hidden = !this.take("text");
    }
    this.#draw();
  }

  get least() {
    return Math.max(this.take("min-questions") ?? 1, 0);
  }

  get most() {
    return Math.max(this.take("max-questions") ?? Infinity, 1);
  }

  get tags() {
    const given = this.take("question-tags");
    return (Array.isArray(given) ? given : []).map(String);
  }

  // --- what the text tells (see TextPicker) ---

  picked() {
    const { picked } = this.picker;
    this.said.textContent = picked ? say(words.text_picked, { text: `“${this.picker.pickedText}”` }) : "";
    for (const button of this.rows.querySelectorAll("[data-takes]")) button.disabled = !picked;
  }

  pressed() {}

  // --- pairs ---

  #add() {
    this.#pairs.push({ question: "", answer: "", tags: [], part: null });
    this.#draw();
    this.rows.lastElementChild.querySelector("textarea").focus();
    this.changed();
  }

  #remove(no) {
    this.#pairs.splice(no, 1);
    this.#draw();
    this.said.textContent = say(words.draw_removed, { name: say(words.ask_question_no, { no: no + 1 }) });
    this.addButton.focus();
    this.changed();
  }

  #draw() {
    while (this.#pairs.length < Math.max(this.least, 1) && !this.#started) this.#pairs.push({ question: "", answer: "", tags: [], part: null });
    this.rows.replaceChildren(...this.#pairs.map((pair, no) => this.#row(pair, no)));
    this.addButton.disabled = this.#pairs.length >= this.most;
    this.check();
  }

  #row(pair, no) {
    const question = this.#field(words.ask_question, pair, "question");
    const answer = this.#field(words.ask_answer, pair, "answer");
    const take = make("button", { type: "button", lang: language, "data-takes": "", disabled: !this.picker.picked, onclick: () => this.#take(pair, answer) }, words.ask_take);
    const remove = make("button", { type: "button", lang: language, onclick: () => this.#remove(no) }, words.draw_remove);
    remove.setAttribute("aria-label", say(words.draw_remove_layer, { name: say(words.ask_question_no, { no: no + 1 }) }));
    const ends = make("div", { class: "tools" }, this.take("text") && take, this.#pairs.length > this.least && remove);
    const title = make("p", { class: "title", lang: language }, say(words.ask_question_no, { no: no + 1 }));
    return make("li", { class: "pair" }, title, question, answer, ...this.#tagFields(pair), ends);
  }

  #field(name, pair, key) {
    const area = make("textarea", { rows: key === "question" ? 2 : 3, value: pair[key] });
    area.oninput = () => {
      pair[key] = area.value;
      if (key === "answer") pair.part = null; // no longer the text's own words
      this.#started = true;
      this.changed();
    };
    return make("label", {}, make("span", { lang: language }, name), area);
  }

  // The chosen part of the text becomes the answer.
  #take(pair, label) {
    const { picked, pickedText } = this.picker;
    if (!picked) return;
    const area = label.querySelector("textarea");
    area.value = pickedText;
    area.oninput();
    pair.part = { ...picked };
    this.changed();
    area.focus();
  }

  #tagFields(pair) {
    const own = pair.tags.filter((tag) => !this.tags.includes(tag));
    const parts = [];
    if (this.tags.length) parts.push(this.#tagChoice(pair));
    if (this.tags.length && this.take("allow-custom-question-tags")) {
      const input = make("input", { type: "text", value: own.join(", ") });
      input.oninput = () => {
        const written = input.value.split(",").map((tag) => tag.trim()).filter(Boolean);
        pair.tags = [...new Set([...pair.tags.filter((tag) => this.tags.includes(tag)), ...written])];
        this.changed();
      };
      parts.push(make("label", {}, make("span", { lang: language }, words.ask_own_tags), input));
    }
    return parts;
  }

  #tagChoice(pair) {
    const choices = this.tags.map((tag) => {
      const box = make("input", { type: "checkbox", checked: pair.tags.includes(tag) });
      box.onchange = () => {
        const rest = pair.tags.filter((one) => one !== tag);
        const chosen = new Set(box.checked ? [...rest, tag] : rest);
        pair.tags = [...this.tags.filter((one) => chosen.has(one)), ...rest.filter((one) => !this.tags.includes(one))];
        this.changed();
      };
      return make("label", { class: "tag-choice" }, box, tag);
    });
    return make("fieldset", {}, make("legend", { lang: language }, words.ask_tags), ...choices);
  }

  // --- answer ---

  get answer() {
    const written = this.#pairs.filter(({ question, answer }) => question.trim() || answer.trim());
    return written.length ? { questionAnswers: written.map((pair) => this.#answerOf(pair)) } : undefined;
  }

  #answerOf({ question, answer, tags, part }) {
    const pair = { answer: answer.trim(), question: question.trim() };
    if (this.tags.length || tags.length) pair.tags = [...tags];
    if (!part) return pair;
    const { text } = this.picker;
    return { ...pair, startOffset: codePointsBefore(text, part.start), endOffset: codePointsBefore(text, part.end) };
  }

  restore(answer) {
    const given = Array.isArray(answer?.questionAnswers) ? answer.questionAnswers : [];
    const { text } = this.picker;
    this.#started = given.length > 0;
    this.#pairs = given.map((one) => ({
      question: String(one.question ?? ""),
      answer: String(one.answer ?? ""),
      tags: Array.isArray(one.tags) ? one.tags.map(String) : [],
      part: Number.isInteger(one.startOffset)
        ? { start: placeOfCodePoint(text, one.startOffset), end: placeOfCodePoint(text, one.endOffset) }
        : null,
    }));
    this.#draw();
  }

  formResetCallback() {
    this.restore(undefined);
  }

  // The first thing that keeps the pairs from being handed in.
  get problem() {
    const written = this.#pairs.filter(({ question, answer }) => question.trim() || answer.trim());
    for (const pair of written) {
      const no = this.#pairs.indexOf(pair) + 1;
      const wrong = this.#wrongLength(pair.question, "question") ?? this.#wrongLength(pair.answer, "answer");
      if (wrong) return `${say(words.ask_question_no, { no })}: ${wrong}`;
    }
    return written.length < this.least ? say(words.ask_too_few, { least: this.least, count: written.length }) : "";
  }

  #wrongLength(text, kind) {
    const length = wordsOf(text, cutsOf(text)).length;
    const least = Math.max(this.take(`${kind}-min-words`) ?? 1, 0);
    const most = this.take(`${kind}-max-words`) ?? Infinity;
    if (length < least) return say(kind === "question" ? words.ask_question_short : words.ask_answer_short, { least, length });
    if (length > most) return say(kind === "question" ? words.ask_question_long : words.ask_answer_long, { most, length });
    return null;
  }

  focus() {
    (this.rows.querySelector("textarea") ?? this.addButton).focus();
  }
}

define("crowd-question-answer-generation", QuestionAnswer);
