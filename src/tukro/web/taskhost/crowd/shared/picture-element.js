// Needs: shared/stage.js shared/colours.js shared/history.js shared/icons.js shared/labelling.js
// What all elements that draw on a picture share: labels, tools, keys, undo, and what is said when it changes.
//
// What is drawn is a state in `this.history`; elements write how a hand and the keys change it.

const TOOL_NAMES = {
  draw: words.tool_draw,
  choose: words.tool_choose,
  pan: words.tool_pan,
  brush: words.tool_brush,
  area: words.tool_area,
  eraser: words.tool_eraser,
};
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

class PictureElement extends AnnotationElement {
  static takes = { name: "text", src: "text", header: "text", labels: "data", "initial-value": "data", "label-colors": "data" };
  static tools = []; // as in ICONS and TOOL_NAMES
  static style = `${AnnotationElement.frameStyle}${LABELLING_STYLE}
    .work { display: grid; gap: .5rem; }
    .sizes { display: flex; flex-wrap: wrap; gap: .375rem; align-items: center; }
    .stage {
      position: relative; overflow: hidden; inline-size: 100%; aspect-ratio: var(--shape, 1.5); min-block-size: 12rem;
      max-block-size: min(36rem, 72vh); background: var(--sunken); border: 1px solid var(--edge); border-radius: var(--round);
      touch-action: none; user-select: none; -webkit-user-select: none; cursor: crosshair;
    }
    .stage.pans { cursor: grab; }
    .stage.chooses { cursor: default; }
    .layer { position: absolute; inset-block-start: 0; inset-inline-start: 0; transform-origin: 0 0; left: 0; }
    .layer > * { display: block; max-inline-size: none; }
    .layer.is-near > * { image-rendering: pixelated; }
    .overlay { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; pointer-events: none; }
    .overlay text { font: 600 13px system-ui, "Noto Sans", "Noto Sans Bengali", sans-serif; }
    .failed { background: var(--bad-soft); color: var(--bad); border-radius: var(--round); padding: 1rem; }
  `;

  label = null;
  tool = null;
  cursor = null; // where the keys are, in pixels of the picture; there is none while a pointer draws
  history = new History([]);

  build() {
    const workplace = this.buildFrame();
    this.stage = new Stage({ hand: this, paint: () => this.paint() });
    this.labelRow = make("div", { class: "labels", role: "group", "aria-label": words.draw_labels });
    this.toolRow = this.buildTools();
    this.hint = make("p", { class: "hint", id: "hint", lang: language });
    this.said = make("p", { class: "said", role: "status", lang: language });
    this.failed = make("div", { class: "failed", role: "alert", hidden: true, lang: language });
    this.stage.element.setAttribute("aria-describedby", "hint");
    this.tool = this.constructor.tools[0];
    workplace.append(this.toolRow, this.labelRow, this.failed, this.stage.element, this.said, this.hint, keyTable(this.keyRows()));
    this.frame.addEventListener("keydown", (event) => this.#key(event));
    this.stage.element.addEventListener("blur", () => this.#loseCursor());
  }

  buildTools() {
    const act = (icon, name, press) => iconButton(icon, name, press);
    const tools = this.constructor.tools.map((name) =>
      iconButton(name, TOOL_NAMES[name], () => this.useTool(name), { "data-tool": name }),
    );
    this.buttons = {
      undo: act("undo", words.draw_undo, () => this.undo()),
      redo: act("redo", words.draw_redo, () => this.redo()),
      finish: act("finish", words.draw_finish, () => this.finish()),
      cancel: act("cancel", words.draw_cancel, () => this.escape()),
      remove: act("remove", words.draw_remove, () => this.remove()),
    };
    const zoom = [
      act("zoom_out", words.draw_zoom_out, () => this.#zoom("zoomOut")),
      act("fit", words.draw_fit, () => this.#zoom("fit")),
      act("zoom_in", words.draw_zoom_in, () => this.#zoom("zoomIn")),
    ];
    const gap = () => make("span", { class: "gap" });
    const row = make("div", { class: "tools", role: "toolbar", "aria-label": words.draw_tools, lang: language });
    const { undo, redo, ...rest } = this.buttons;
    row.append(...tools, gap(), undo, redo, gap(), ...zoom, gap(), ...Object.values(rest));
    return row;
  }

  keyRows() {
    return [
      [["1 … 9", "0"], words.key_label],
      [["← ↑ → ↓"], words.key_arrows],
      [["Shift + ←"], words.key_fine],
      [["+", "−", "F"], words.key_zoom],
      [["Ctrl + Z", "Ctrl + Y"], words.key_undo],
    ];
  }

  // --- what attributes say ---

  get labels() {
    const given = this.take("labels");
    return (Array.isArray(given) ? given : []).map((one) => String(isObject(one) ? (one.label ?? one.name) : one));
  }

  set labels(list) {
    this.give("labels", list);
  }

  colourOf(label) {
    const no = this.labels.indexOf(label);
    return hexColour((this.take("label-colors") ?? [])[no]) ?? colourOf(Math.max(no, 0));
  }

  update(name) {
    super.update(name);
    if (name === "labels" || name === "label-colors") this.#labelsChanged();
    if (name === "src") this.load();
    if (name === "initial-value" && this.isReady) this.load();
  }

  #labelsChanged() {
    if (!this.labels.includes(this.label)) this.label = this.labels[0] ?? null;
    this.refresh();
    this.check();
  }

  // --- the picture ---

  async load() {
    const src = this.take("src");
    this.failed.hidden = true;
    try {
      await this.stage.load(src);
      if (src !== this.take("src")) return; // another picture was asked for meanwhile
      await this.startOver();
      this.stage.open();
      this.refresh();
      this.check();
    } catch {
      if (src === this.take("src")) this.#tellFailure();
    }
  }

  // The picture, or the drawing to begin with, did not come: nothing can be handed in without it.
  #tellFailure() {
    this.stage.close();
    const again = make("button", { type: "button", onclick: () => this.load() }, words.draw_try_again);
    this.failed.replaceChildren(make("p", {}, words.draw_picture_failed), again);
    this.failed.hidden = false;
    this.escapeAll();
    this.refresh();
    this.check();
  }

  // The state that the page asks for, with nothing to undo.
  async startOver() {
    const pending = this.pending;
    this.pending = undefined;
    this.history = new History(await this.firstState());
    if (pending !== undefined) this.restoreState(pending);
    this.escapeAll();
    this.refresh();
    this.check();
  }

  get picture() {
    return this.stage.picture;
  }

  get isReady() {
    return this.stage.view !== null;
  }

  formResetCallback() {
    if (this.isReady) this.startOver();
  }

  get problem() {
    if (!this.isReady) return this.failed.hidden ? words.draw_still_loading : words.draw_picture_failed;
    return this.unfinished;
  }

  // An answer given before; a picture that is still on its way takes it up when it is there.
  restore(answer) {
    if (!this.isReady) this.pending = answer;
    else {
      this.restoreState(answer);
      this.refresh();
    }
  }

  get answer() {
    if (!this.isReady) return this.pending; // what was given before is not lost while the picture is on its way
    const { width, height } = this.picture;
    return { ...this.drawn, inputImageProperties: { height, width } };
  }

  // --- for elements to write ---

  async firstState() {
    return [];
  }

  restoreState(_answer) {}
  paint() {}
  escapeAll() {}

  get drawn() {
    return {};
  }

  get unfinished() {
    return "";
  }

  // --- labels and tools ---

  chooseLabel(label) {
    this.label = label;
    this.refresh();
    this.announce(say(words.draw_label_is, { label }));
  }

  useTool(name) {
    this.tool = name;
    this.stage.panning = name === "pan";
    this.refresh();
    this.announce(TOOL_NAMES[name]);
  }

  // Everything around the picture says what is now true.
  refresh() {
    if (!this.labelRow) return;
    this.#refreshLabels();
    for (const button of this.toolRow.querySelectorAll("[data-tool]")) {
      button.setAttribute("aria-pressed", String(button.dataset.tool === this.tool));
    }
    this.stage.element.classList.toggle("pans", this.tool === "pan");
    this.stage.element.classList.toggle("chooses", this.tool === "choose");
    this.#allow(this.buttons.undo, this.history.canUndo);
    this.#allow(this.buttons.redo, this.history.canRedo);
    this.stage.element.setAttribute("aria-label", this.stageName);
    const zoom = matchMedia("(pointer: coarse)").matches ? words.hint_zoom_touch : words.hint_zoom_mouse;
    this.hint.textContent = `${this.hintText} ${zoom}`;
    this.stage.draw();
  }

  // A button that goes dead under the focus hands it to the picture, so that the keys go on.
  #allow(button, isAllowed) {
    if (!isAllowed && this.shadowRoot.activeElement === button) this.focus();
    button.disabled = !isAllowed;
  }

  get stageName() {
    return "";
  }

  get hintText() {
    return "";
  }

  #refreshLabels() {
    this.labelRow.hidden = this.labels.length === 0;
    refill(this.labelRow, this.labels.map((label, no) => this.labelButton(label, no)));
  }

  labelButton(label, no) {
    const facts = { label, name: label, no, colour: this.colourOf(label), isChosen: label === this.label };
    return labelButton(facts, () => this.chooseLabel(label));
  }

  // Said aloud by screen readers and shown below the picture.
  announce(text) {
    this.said.textContent = text;
  }

  // --- undo ---

  // A new state of the drawing, and what is said about it.
  commit(state, text) {
    this.history.push(state);
    this.refresh();
    this.announce(text);
    this.changed();
  }

  undo() {
    this.#step("undo", words.draw_undone);
  }

  redo() {
    this.#step("redo", words.draw_redone);
  }

  #step(act, text) {
    this.escapeAll();
    if (!this.history[act]()) return;
    this.refresh();
    this.announce(text);
    this.changed();
  }

  #zoom(act) {
    if (!this.isReady) return;
    this.stage[act]();
    this.announce(say(words.draw_zoom_is, { percent: this.stage.view.percent }));
  }

  // --- keys ---

  #key(event) {
    if (!this.isReady || event.defaultPrevented || event.altKey) return;
    if (event.composedPath()[0].matches("input, select, textarea")) return;
    const taken = event.ctrlKey || event.metaKey ? this.#keyWithControl(event) : this.#plainKey(event);
    if (taken) event.preventDefault();
  }

  #keyWithControl({ code, shiftKey }) {
    if (code === "KeyZ") shiftKey ? this.redo() : this.undo();
    else if (code === "KeyY") this.redo();
    else return false;
    return true;
  }

  #plainKey(event) {
    const label = this.labels[digitOf(event)];
    if (label !== undefined) this.chooseLabel(label);
    else if (event.key === "+" || event.key === "=") this.#zoom("zoomIn");
    else if (event.key === "-" || event.key === "_") this.#zoom("zoomOut");
    else if (event.code === "KeyF") this.#zoom("fit");
    else if (this.shadowRoot.activeElement === this.stage.element) return this.#keyOnStage(event);
    else return false;
    return true;
  }

  #keyOnStage(event) {
    if (event.key in ARROWS) {
      const [columns, rows] = ARROWS[event.key];
      const step = event.shiftKey ? 1 : this.keyStep;
      this.moveByKey(columns * step, rows * step);
      return true;
    }
    return this.stageKey(event);
  }

  // One press of an arrow: a fiftieth of the picture.
  get keyStep() {
    return Math.max(1, Math.round(Math.max(this.picture.width, this.picture.height) / 50));
  }

  moveByKey(dx, dy) {
    const { width, height } = this.picture;
    const from = this.cursor ?? { x: Math.round(width / 2), y: Math.round(height / 2) };
    const to = onPicture({ x: from.x + dx, y: from.y + dy }, this.picture);
    this.cursor = to;
    this.stage.show(to);
    this.stage.draw();
    this.announce(say(words.draw_at, to));
    return [from, to];
  }

  stageKey(_event) {
    return false;
  }

  #loseCursor() {
    this.cursor = null;
    this.stage.draw();
  }

  focus() {
    this.stage.element.focus();
  }

  // --- drawing in the overlay ---

  // A cross where the keys are.
  paintCursor() {
    if (!this.cursor) return [];
    const { x, y } = this.stage.view.toScreen(this.cursor);
    const d = `M${x - 14} ${y}h28M${x} ${y - 14}v28`;
    return [strokes(d, "#fff", 5), strokes(d, "#000", 2)];
  }
}

function strokes(d, colour, width, more = {}) {
  return makeSvg("path", { d, fill: "none", stroke: colour, "stroke-width": String(width), "stroke-linejoin": "round", ...more });
}
