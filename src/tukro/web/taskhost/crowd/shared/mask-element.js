// Needs: shared/picture-element.js shared/mask-canvas.js shared/mask-list.js shared/png.js
// What the two elements that paint on a picture share: brush, area, eraser, and the picture of labels they hand in.
//
// A mask holds for each pixel the number of its layer. Elements say what layers there are: one per label, or one
// per instance of a label. A layer is {label, colour}; its number is its place in the list, counted from 1.

const PAINT_HINTS = {
  brush: words.hint_brush,
  area: words.hint_area,
  eraser: words.hint_eraser,
  pan: words.hint_pan,
};

const SLOW_ENCODING = 200; // milliseconds
const HAND_RESTS = 4000;

class MaskElement extends PictureElement {
  static tools = ["brush", "area", "eraser", "pan"];
  static style = `${PictureElement.style}${MASK_LIST_STYLE}
    .mask { position: absolute; inset-block-start: 0; left: 0; opacity: .65; }
    .sizes label { display: flex; gap: .5rem; align-items: center; flex: 1 1 12rem; min-inline-size: 0; }
    .sizes input { flex: 1; min-inline-size: 4rem; min-block-size: var(--tap); accent-color: var(--accent); }
    .sizes output { min-inline-size: 4rem; }
  `;

  draft = null; // {points, next}: the corners of an area so far
  gesture = null;
  penDown = false; // the keys paint as they move
  size = 1;
  #version = 0;
  #encodingTook = 0; // milliseconds
  #tellTimer = 0;
  #handedIn = null; // the answer's picture, made once for each version
  #scratch = null; // the pixels before the stroke that is being painted
  #touched = null;

  build() {
    super.build();
    const name = make("span", {}, words.draw_size);
    this.sizeInput = make("input", { type: "range", min: "1", step: "1", oninput: () => this.setSize(this.sizeInput.valueAsNumber) });
    this.sizeOutput = make("output", {});
    this.sizeRow = make("div", { class: "sizes", lang: language }, make("label", {}, name, this.sizeInput), this.sizeOutput);
    this.toolRow.after(this.sizeRow);
    this.list = new MaskList(this);
    this.workplace.append(this.list.element);
  }

  keyRows() {
    return [
      [[words.key_space], words.key_paint],
      [["Enter"], words.key_pen],
      [["[", "]"], words.key_size],
      ...super.keyRows(),
      [["Delete"], words.key_remove_layer],
      [["Esc"], words.key_escape],
    ];
  }

  // --- state and answer ---

  get mask() {
    return this.history.mask;
  }

  get layers() {
    return this.history.layers ?? [];
  }

  async load() {
    this.canvas?.element.remove();
    this.canvas = null;
    await super.load();
  }

  async startOver() {
    const initial = this.take("initial-value");
    const layers = this.layersOf(initial);
    const { picture } = this;
    const mask = initial?.src ? await maskFrom(String(initial.src), picture, layers.map((layer) => layer.colour)) : new Mask(picture);
    this.history = new MaskHistory(mask, layers);
    this.#initial = { pixels: mask.pixels.slice(), layers: JSON.stringify(layers) };
    this.#showCanvas();
    this.setSize(Math.max(1, Math.round(Math.max(picture.width, picture.height) / 40)));
    this.escapeAll();
    this.refresh();
    this.check();
    if (this.pending !== undefined) await this.restoreState(this.pending);
    this.pending = undefined;
  }

  #initial = null;

  #showCanvas() {
    this.canvas?.element.remove();
    this.canvas = new MaskCanvas(this.picture);
    this.stage.layer.append(this.canvas.element);
    this.#show(this.mask.all);
  }

  async restoreState(answer) {
    const src = answer?.labeledImage?.pngImageData;
    if (typeof src !== "string") return;
    const layers = this.layersOf(answer);
    const mask = await maskFrom(`data:image/png;base64,${src}`, this.picture, layers.map((layer) => layer.colour)).catch(() => null);
    if (!mask) return; // no picture: what is painted stays
    this.history = new MaskHistory(mask, layers);
    this.#showCanvas();
    this.refresh();
  }

  get drawn() {
    if (this.#handedIn?.version !== this.#version) {
      const begun = performance.now();
      this.#handedIn = { version: this.#version, ...this.#encoded() };
      this.#encodingTook = performance.now() - begun;
    }
    const { image, used } = this.#handedIn;
    const drawn = { ...this.layersAnswer(used), labeledImage: { pngImageData: image } };
    if (this.constructor.tellsModified && this.take("initial-value") !== null) drawn.initialValueModified = this.#isModified;
    return drawn;
  }

  // The page asks for the answer at every change, to keep it as a draft. Where that takes a slow phone long, because
  // the picture is large, it is told when the hand rests.
  changed() {
    clearTimeout(this.#tellTimer);
    if (this.#encodingTook < SLOW_ENCODING) return super.changed();
    this.check();
    this.#tellTimer = setTimeout(() => super.changed(), HAND_RESTS);
  }

  #encoded() {
    const shown = this.shownLayers();
    const counts = this.mask.counts();
    const palette = this.#palette(shown);
    return {
      image: base64(encodePng(this.mask.pixels, this.mask, palette)),
      used: this.layers.filter((layer, no) => shown[no] && counts[no + 1] > 0),
    };
  }

  get #isModified() {
    const { pixels, layers } = this.#initial;
    const isSame = this.mask.pixels.every((value, at) => value === pixels[at]);
    return !isSame || JSON.stringify(this.layers) !== layers;
  }

  // Whether the label of each layer is one of today's.
  shownLayers() {
    return this.layers.map((layer) => this.labels.includes(layer.label));
  }

  #palette(shown) {
    return [[0, 0, 0, 0], ...this.layers.map(({ colour }, no) => (shown[no] ? [...rgbOf(colour), 255] : [0, 0, 0, 0]))];
  }

  get unfinished() {
    return this.draft ? words.draw_unfinished : "";
  }

  get hintText() {
    if (!this.labels.length) return words.draw_no_labels;
    if (this.draft) return words.hint_area_draft;
    return PAINT_HINTS[this.tool];
  }

  get stageName() {
    return words.draw_stage_painted;
  }

  update(name) {
    super.update(name);
    if (name === "labels" && this.canvas) this.#show(this.mask.all);
  }

  refresh() {
    super.refresh();
    if (!this.list || !this.picture || !this.mask) return;
    this.buttons.finish.hidden = !this.draft;
    this.buttons.cancel.hidden = !this.draft;
    this.buttons.remove.hidden = true;
    this.sizeRow.hidden = this.tool !== "brush" && this.tool !== "eraser";
    this.list.refresh();
  }

  setSize(size) {
    const most = Math.max(2, Math.round(Math.max(this.picture?.width ?? 2, this.picture?.height ?? 2) / 4));
    this.size = clamp(Math.round(size), 1, most);
    this.sizeInput.max = String(most);
    this.sizeInput.value = String(this.size);
    this.sizeOutput.textContent = say(words.draw_size_is, { size: this.size });
    this.stage.draw();
  }

  // --- painting ---

  // The number that the tool in hand puts down; null when there is no layer for it.
  #value() {
    return this.tool === "eraser" ? 0 : this.layerValue();
  }

  #startStroke() {
    this.#scratch = this.mask.pixels.slice();
    this.#touched = null;
  }

  #touch(rect) {
    this.#touched = around(this.#touched, rect);
    this.#show(rect);
  }

  #show(rect) {
    this.#version++;
    this.canvas.show(this.mask, rect, this.#palette(this.shownLayers()));
  }

  #endStroke(text) {
    const rect = this.#touched;
    if (!rect) return;
    const before = this.mask.cut(rect, this.#scratch);
    this.history.push({ rect, before, layers: this.nextLayers ?? this.layers });
    this.nextLayers = null;
    this.refresh();
    this.announce(text);
    this.changed();
  }

  #paintLine(from, to) {
    const value = this.#value();
    if (value !== null) this.#touch(this.mask.brush(from, to, this.size, value));
  }

  clearLayer(no) {
    const text = say(words.draw_removed, { name: this.layerName(no) });
    this.#startStroke();
    this.nextLayers = this.layersWithout(no);
    this.#touch(this.mask.clear(no + 1));
    this.#endStroke(text);
  }

  // Fill the area whose corners were placed.
  finish() {
    if (!this.draft) return;
    const { points } = this.draft;
    if (points.length < 3) return this.announce(say(words.draw_too_few, { least: 3 }));
    this.draft = null;
    this.#fill(points);
  }

  #fill(points) {
    const value = this.layerValue();
    if (value === null) return;
    this.#startStroke();
    this.#touch(this.mask.fill(points, value));
    this.#endStroke(words.draw_filled);
  }

  undo() {
    super.undo();
    this.#showStep();
  }

  redo() {
    super.redo();
    this.#showStep();
  }

  #showStep() {
    if (this.canvas) this.#show(this.history.changed);
  }

  // --- what the pointer does (see Stage) ---

  press(at, { reach }) {
    this.cursor = null;
    if (this.tool === "area") {
      this.gesture = { kind: "area", from: at, path: [at], reach };
      return;
    }
    if (this.#value() === null) return;
    this.gesture = { kind: "stroke", last: at };
    this.#startStroke();
    this.#paintLine(at, at);
  }

  drag(at) {
    const { gesture } = this;
    if (gesture?.kind === "stroke") {
      this.#paintLine(gesture.last, at);
      gesture.last = at;
    } else if (gesture) gesture.path.push(at);
    this.brushAt = at;
    this.stage.draw();
  }

  // A drag goes around the area; presses place its corners one by one.
  release(at) {
    const { gesture } = this;
    this.gesture = null;
    if (!gesture) return;
    if (gesture.kind === "stroke") return this.#endStroke(this.tool === "eraser" ? words.draw_erased : words.draw_painted_stroke);
    const isDrag = gesture.path.some((place) => distance(place, gesture.from) > gesture.reach);
    if (isDrag && !this.draft) return this.#fill(gesture.path);
    const first = this.draft?.points[0];
    if (this.draft?.points.length >= 3 && distance(first, at) <= gesture.reach) this.finish();
    else this.#placeCorner(onPicture(at, this.picture));
  }

  #placeCorner(point) {
    if (!this.label) return;
    const points = [...(this.draft?.points ?? []), point];
    this.draft = { points, next: point };
    this.refresh();
    this.announce(say(words.draw_placed, { no: points.length, ...point }));
  }

  abandon() {
    if (this.gesture?.kind === "stroke" && this.#touched) {
      this.mask.pixels.set(this.#scratch);
      this.#show(this.#touched);
    }
    this.gesture = null;
    this.nextLayers = null;
    this.stage.draw();
  }

  hover(at) {
    this.brushAt = at;
    if (this.draft && at && this.picture) this.draft = { ...this.draft, next: onPicture(at, this.picture) };
    this.stage.draw();
  }

  escape() {
    if (this.draft) {
      this.draft = null;
      this.announce(words.draw_cancelled);
    } else if (this.penDown) {
      this.penDown = false;
      this.announce(words.draw_pen_up);
    }
    this.refresh();
  }

  escapeAll() {
    this.draft = null;
    this.gesture = null;
    this.penDown = false;
  }

  useTool(name) {
    this.escapeAll();
    super.useTool(name);
  }

  // --- what the keys do ---

  moveByKey(dx, dy) {
    const [from, to] = super.moveByKey(dx, dy);
    if (this.draft) this.draft = { ...this.draft, next: to };
    if (this.penDown) this.#dab(from, to);
  }

  // One stroke by keys, along the middles of pixels.
  #dab(from, to) {
    const middle = ({ x, y }) => ({ x: Math.min(x, this.picture.width - 1) + 0.5, y: Math.min(y, this.picture.height - 1) + 0.5 });
    this.#startStroke();
    this.#paintLine(middle(from), middle(to));
    this.#endStroke(say(words.draw_painted_at, to));
  }

  stageKey(event) {
    const { key, code } = event;
    if (key === " ") this.#keyPaints();
    else if (key === "Enter") this.#keyEnters();
    else if (key === "Escape") this.escape();
    else if (code === "BracketLeft") this.setSize(this.size - Math.max(1, Math.round(this.size / 5)));
    else if (code === "BracketRight") this.setSize(this.size + Math.max(1, Math.round(this.size / 5)));
    else if (key === "Delete" || key === "Backspace") this.#keyRemoves();
    else return false;
    return true;
  }

  #keyPaints() {
    if (!this.cursor) this.moveByKey(0, 0);
    if (this.tool === "area") this.#placeCorner(this.cursor);
    else if (this.tool !== "pan") this.#dab(this.cursor, this.cursor);
  }

  #keyEnters() {
    if (this.draft) return this.finish();
    if (this.tool !== "brush" && this.tool !== "eraser") return;
    this.penDown = !this.penDown;
    this.announce(this.penDown ? words.draw_pen_down : words.draw_pen_up);
  }

  #keyRemoves() {
    if (!this.draft) return this.layerNo >= 0 && this.clearLayer(this.layerNo);
    const points = this.draft.points.slice(0, -1);
    this.draft = points.length ? { points, next: points.at(-1) } : null;
    this.refresh();
    this.announce(words.draw_point_removed);
  }

  // --- what is seen ---

  paint() {
    if (!this.mask) return;
    const parts = [];
    if (this.draft) parts.push(...this.#paintPath([...this.draft.points, this.draft.next]));
    if (this.gesture?.kind === "area") parts.push(...this.#paintPath(this.gesture.path));
    const brush = this.cursor ?? this.brushAt;
    if (brush && (this.tool === "brush" || this.tool === "eraser")) parts.push(...this.#paintBrush(brush));
    this.stage.overlay.replaceChildren(...parts, ...this.paintCursor());
  }

  #paintPath(points) {
    const d = `M${points.map((point) => this.stage.view.toScreen(point)).map(({ x, y }) => `${x} ${y}`).join("L")}`;
    return [strokes(d, "#fff", 5), strokes(d, "#000", 2, { "stroke-dasharray": "6 4" })];
  }

  #paintBrush(at) {
    const { x, y } = this.stage.view.toScreen(at);
    const r = Math.max((this.size / 2) * this.stage.view.scale, 1);
    const ring = (colour, width) => makeSvg("circle", { cx: x, cy: y, r, fill: "none", stroke: colour, "stroke-width": width });
    return [ring("#fff", 3), ring("#000", 1)];
  }
}
