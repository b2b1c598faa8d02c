// crowd-text-ranking: answers to a text, put in an order by each of several measures. 1 is best.

define("crowd-text-ranking", class extends AnnotationElement {
  static takes = { name: "text", header: "text", text: "text", responses: "data", "ordinal-ranking-dimensions": "data" };
  static style = `${AnnotationElement.frameStyle}
    .work { display: grid; gap: 1rem; }
    .text, .response > p { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
    .text { padding: .75rem; background: var(--sunken); border-radius: var(--round); }
    .response { border: 1px solid var(--line); border-radius: var(--round); padding: .75rem; display: grid; gap: .75rem; min-inline-size: 0; }
    .response .title { font-weight: 600; }
    fieldset { border: 0; padding: 0; margin: 0; min-inline-size: 0; }
    legend { padding: 0; font-weight: 600; }
    .ranks { display: flex; flex-wrap: wrap; gap: .375rem; }
    .rank { display: flex; gap: .375rem; align-items: center; min-block-size: var(--tap); min-inline-size: 3.5rem; padding: .25rem .5rem; border: 1px solid var(--edge); border-radius: var(--round); cursor: pointer; background: var(--paper); }
    .rank:has(:checked) { background: var(--accent-soft); border-color: var(--accent); }
    .rank input { inline-size: 1.25rem; block-size: 1.25rem; margin: 0; accent-color: var(--accent); }
    .hint { margin: 0; color: var(--muted); }
  `;

  #ranks = {}; // by measure: a list with the rank of each response, or null
  #wishes = {}; // by measure: the rank that each response was last given by hand

  build() {
    const workplace = this.buildFrame();
    this.passage = make("p", { class: "text" });
    this.hint = make("p", { class: "hint", lang: language }, words.rank_hint);
    this.cards = make("div", { class: "work" });
    this.said = make("p", { class: "unseen", role: "status", lang: language });
    workplace.append(this.passage, this.hint, this.cards, this.said);
    this.cards.addEventListener("change", (event) => this.#rank(event.target));
  }

  update(name) {
    super.update(name);
    if (name === "text") {
      this.passage.textContent = this.take("text");
      this.passage.hidden = !this.take("text");
    } else if (name !== "name" && name !== "header") this.#drawCards();
  }

  get responsesToRank() {
    const given = this.take("responses");
    return (Array.isArray(given) ? given : []).map((one) => String(isObject(one) ? (one.text ?? one.response ?? "") : one));
  }

  // [{name, allowTie}]
  get measures() {
    const given = this.take("ordinal-ranking-dimensions");
    return (Array.isArray(given) ? given : []).map((one) => ({ name: String(isObject(one) ? one.name : one), allowTie: one?.allowTie !== false }));
  }

  #drawCards() {
    const responses = this.responsesToRank;
    const kept = this.#ranks;
    this.#ranks = {};
    for (const { name } of this.measures) {
      const before = kept[name]?.length === responses.length ? kept[name] : null;
      this.#ranks[name] = before ?? responses.map(() => null);
    }
    this.cards.replaceChildren(...responses.map((response, no) => this.#card(response, no)));
    this.check();
  }

  #card(response, no) {
    const title = make("p", { class: "title", lang: language, id: `response-${no}` }, say(words.rank_response, { no: no + 1 }));
    const sets = this.measures.map((measure, at) => this.#ranking(measure, at, no));
    return make("section", { class: "response", "aria-labelledby": `response-${no}` }, title, make("p", {}, response), ...sets);
  }

  #ranking({ name }, at, no) {
    const count = this.responsesToRank.length;
    const boxes = Array.from({ length: count }, (_, i) => {
      const box = make("input", { type: "radio", name: `rank-${at}-${no}`, value: String(i + 1), checked: this.#ranks[name][no] === i + 1 });
      box.dataset.measure = name;
      box.dataset.response = String(no);
      return make("label", { class: "rank" }, box, inDigits(i + 1));
    });
    return make("fieldset", {}, make("legend", {}, name), make("div", { class: "ranks" }, ...boxes));
  }

  // Where two may not share a rank, the one that had it before loses it, and has it again when it is free: who goes
  // through the ranks with the arrow keys takes nothing on the way.
  #rank(box) {
    const { measure, response } = box.dataset;
    const no = Number(response);
    const rank = Number(box.value);
    const ranks = this.#ranks[measure];
    const { allowTie } = this.measures.find(({ name }) => name === measure);
    ranks[no] = rank;
    this.#wishes[measure] = { ...this.#wishes[measure], [no]: rank };
    if (!allowTie) this.#settle(measure, no, rank);
    this.changed();
  }

  #settle(measure, no, rank) {
    const ranks = this.#ranks[measure];
    const other = ranks.findIndex((one, i) => i !== no && one === rank);
    if (other >= 0) {
      this.#put(measure, other, null);
      this.said.textContent = say(words.rank_taken, { no: other + 1, measure });
    }
    for (const [i, wish] of Object.entries(this.#wishes[measure])) {
      if (ranks[i] === null && !ranks.includes(wish)) this.#put(measure, Number(i), wish);
    }
  }

  #put(measure, no, rank) {
    const before = this.#ranks[measure][no];
    this.#ranks[measure][no] = rank;
    this.#box(measure, no, rank ?? before).checked = rank !== null;
  }

  #box(measure, no, rank) {
    const boxes = [...this.cards.querySelectorAll(`input[data-response="${no}"]`)];
    return boxes.find((box) => box.dataset.measure === measure && Number(box.value) === rank);
  }

  get answer() {
    const isEmpty = Object.values(this.#ranks).every((ranks) => ranks.every((rank) => rank === null));
    return isEmpty ? undefined : { ranks: Object.fromEntries(Object.entries(this.#ranks).map(([name, ranks]) => [name, [...ranks]])) };
  }

  restore(answer) {
    const given = isObject(answer?.ranks) ? answer.ranks : {};
    this.#ranks = Object.fromEntries(Object.entries(given).filter(([, ranks]) => Array.isArray(ranks)));
    this.#drawCards();
  }

  get problem() {
    for (const [measure, ranks] of Object.entries(this.#ranks)) {
      const no = ranks.indexOf(null);
      if (no >= 0) return say(words.rank_missing, { no: no + 1, measure });
    }
    return "";
  }

  focus() {
    const open = Object.entries(this.#ranks).find(([, ranks]) => ranks.includes(null));
    const box = open && this.#box(open[0], open[1].indexOf(null), 1);
    (box ?? this.cards.querySelector("input"))?.focus();
  }

  formResetCallback() {
    this.#ranks = {};
    this.#wishes = {};
    this.#drawCards();
  }
});
