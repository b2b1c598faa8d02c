// Needs: shared/picture-element.js shared/shapes.js shared/shape-list.js shared/shape-paint.js
// Elements that draw shapes: boxes, points, lines, polylines and polygons.
//
// The state is a list of shapes. One may be chosen (and one of its handles); one may be in the making, the draft.

class ShapeElement extends PictureElement {
  static tools = ["draw", "choose", "pan"];
  static style = `${PictureElement.style}${SHAPE_LIST_STYLE}`;

  chosenId = null;
  isNew = false; // the chosen shape was drawn just now, and nobody has taken hold of it since
  handle = null;
  draft = null; // {points, next}: what is placed, and the point that follows the pointer
  gesture = null; // {kind, no, from, points}: what the pressed pointer is doing
  #lastId = 0;

  get kind() {
    return this.constructor.kind;
  }

  get shapes() {
    return this.history.state.filter((shape) => this.labels.includes(shape.label));
  }

  get chosen() {
    return this.shapes.find((shape) => shape.id === this.chosenId) ?? null;
  }

  build() {
    super.build();
    this.list = new ShapeList(this);
    this.workplace.append(this.list.element);
  }

  keyRows() {
    const adds = this.kind.most > 2;
    return [
      [adds ? [words.key_space] : [words.key_space, "Enter"], words.key_place],
      ...(adds ? [[["Enter"], words.key_finish]] : []),
      ...super.keyRows(),
      [["N", "P"], words.key_next],
      [["Enter"], words.key_handle],
      [["Delete"], words.key_remove],
      [["Esc"], words.key_escape],
    ];
  }

  // --- state and answer ---

  async firstState() {
    this.#initial = shapesFrom(this.kind, this.take("initial-value")).map((shape) => this.#numbered(shape));
    return this.#initial;
  }

  #initial = [];

  restoreState(answer) {
    this.history.push(shapesFrom(this.kind, answer).map((shape) => this.#numbered(shape)));
  }

  #numbered(shape) {
    return { ...shape, id: (this.#lastId += 1) };
  }

  answersOf(shapes) {
    return shapes.filter(({ label }) => this.labels.includes(label)).map((shape) => this.kind.answerOf(shape));
  }

  get drawn() {
    const drawn = { [this.kind.key]: this.answersOf(this.history.state) };
    if (this.kind.tellsModified && this.take("initial-value") !== null) {
      const before = JSON.stringify(this.answersOf(this.#initial));
      drawn.initialValueModified = JSON.stringify(drawn[this.kind.key]) !== before;
    }
    return drawn;
  }

  get unfinished() {
    return this.draft ? words.draw_unfinished : "";
  }

  nameOf(shape) {
    const no = this.shapes.indexOf(shape) + 1;
    return say(words.draw_item, { no, label: shape.label });
  }

  get stageName() {
    return say(words.draw_stage_holds, { count: this.shapes.length });
  }

  get hintText() {
    if (!this.labels.length) return words.draw_no_labels;
    if (this.tool === "pan") return words.hint_pan;
    if (this.draft) return this.kind.draftHint;
    return this.tool === "choose" ? words.hint_choose : this.kind.hint;
  }

  refresh() {
    super.refresh();
    if (!this.list) return;
    this.buttons.finish.hidden = !this.draft || this.kind.most <= 2;
    this.buttons.cancel.hidden = !this.draft;
    this.buttons.remove.hidden = this.draft !== null || !this.chosen;
    this.list.refresh();
  }

  // --- verbs ---

  choose(id, { says = true } = {}) {
    this.chosenId = id;
    this.isNew = false;
    this.handle = null;
    this.refresh();
    if (!this.chosen || !says) return;
    const how = matchMedia("(pointer: coarse)").matches ? words.draw_chosen_touch : words.draw_chosen;
    this.announce(say(how, { name: this.nameOf(this.chosen) }));
  }

  // Take a new shape in, if it is one.
  add(points) {
    const tidy = settled(this.kind, points);
    this.draft = null;
    this.gesture = null;
    if (!this.label || !this.kind.isSound(tidy)) {
      this.refresh();
      this.announce(words.draw_too_small);
      return;
    }
    const shape = this.#numbered({ label: this.label, points: tidy });
    this.chosenId = shape.id;
    this.isNew = true;
    this.handle = null;
    const shapes = [...this.history.state, shape];
    const no = this.shapes.length + 1;
    this.commit(shapes, say(words.draw_added, { name: say(words.draw_item, { no, label: shape.label }) }));
  }

  // Give a shape other points. Those that make no shape are refused, and the shape stays as it was.
  reshape({ id }, points, text = null) {
    const shape = this.shapes.find((one) => one.id === id); // as it is now
    const tidy = settled(this.kind, points);
    if (!shape || JSON.stringify(tidy) === JSON.stringify(shape.points)) return this.refresh();
    if (!this.kind.isSound(tidy)) {
      this.refresh();
      return this.announce(this.kind === POLYGON ? words.draw_crosses : words.draw_too_small);
    }
    this.#replace(shape, { ...shape, points: tidy }, text ?? say(words.draw_changed, { name: this.nameOf(shape) }));
  }

  relabel(shape, label) {
    if (shape.label !== label) this.#replace(shape, { ...shape, label }, say(words.draw_label_is, { label }));
  }

  #replace(shape, by, text) {
    this.isNew = false;
    this.commit(this.history.state.map((one) => (one.id === shape.id ? by : one)), text);
  }

  // People choose a label, draw, choose the next label: that one is for what they draw next. It becomes the chosen
  // shape's when they have taken hold of it, or meant to: the tool in their hand chooses.
  chooseLabel(label) {
    super.chooseLabel(label);
    if (!this.chosen || this.draft) return;
    if (this.isNew && this.tool === "draw") this.choose(null, { says: false });
    else this.relabel(this.chosen, label);
  }

  // The chosen corner, else the chosen shape, else the last point of the draft.
  remove() {
    if (this.draft) return this.#unplace();
    const shape = this.chosen;
    if (!shape) return;
    if (this.handle !== null && this.kind.most > 2 && shape.points.length > this.kind.least) {
      const points = shape.points.filter((_, no) => no !== this.handle);
      this.handle = null;
      return this.reshape(shape, points, words.draw_point_removed);
    }
    const text = say(words.draw_removed, { name: this.nameOf(shape) });
    this.chosenId = null;
    this.commit(this.history.state.filter(({ id }) => id !== shape.id), text);
  }

  #unplace() {
    const points = this.draft.points.slice(0, -1);
    this.draft = points.length ? { points, next: this.draft.next } : null;
    this.refresh();
    this.announce(words.draw_point_removed);
  }

  // End a draft of any number of points.
  finish() {
    if (!this.draft) return;
    const { points } = this.draft;
    if (points.length < this.kind.least) return this.announce(say(words.draw_too_few, { least: this.kind.least }));
    if (!this.kind.isSound(points)) return this.announce(words.draw_crosses);
    this.add(points);
  }

  // Step back once: from the draft, from the handle, from the chosen shape.
  escape() {
    if (this.draft) {
      this.draft = null;
      this.gesture = null;
      this.announce(words.draw_cancelled);
    } else if (this.handle !== null) this.handle = null;
    else this.chosenId = null;
    this.refresh();
  }

  escapeAll() {
    this.draft = null;
    this.gesture = null;
    this.handle = null;
  }

  // Put a point of the draft where `at` is; true when that made a whole shape.
  place(at) {
    const point = onPicture(at, this.picture);
    if (!this.label) return;
    const points = [...(this.draft?.points ?? []), point];
    const last = this.draft?.points.at(-1);
    if (last && distance(last, point) === 0) return;
    if (this.kind === POLYGON && crossesItself(points, { closed: false })) return this.announce(words.draw_crosses);
    if (points.length === this.kind.most) return this.add(points);
    this.draft = { points, next: point };
    this.chosenId = null;
    this.refresh();
    this.announce(say(words.draw_placed, { no: points.length, ...point }));
  }

  // --- what the pointer does (see Stage) ---

  press(at, { reach }) {
    this.cursor = null;
    this.gesture = this.draft ? { kind: "place" } : (this.#hold(at, reach) ?? this.#begin(at, reach));
    if (this.gesture) this.gesture.from = at;
    this.stage.draw();
    return this.gesture ? undefined : "pan";
  }

  // Take hold of the chosen shape's handle or side, or of any shape's line.
  #hold(at, reach) {
    const shape = this.chosen;
    if (shape) {
      const near = ({ at: place }) => distance(place, at) <= reach;
      const nearest = this.kind.handles(shape.points).filter(near);
      nearest.sort((a, b) => distance(a.at, at) - distance(b.at, at));
      if (nearest.length) return { kind: "handle", shape, no: nearest[0].no, points: shape.points };
      const sprout = this.kind.sprouts(shape.points).find(near);
      if (sprout) {
        const points = [...shape.points];
        points.splice(sprout.no + 1, 0, onPicture(at, this.picture));
        return { kind: "handle", shape, no: sprout.no + 1, points };
      }
    }
    const hit = this.#shapeAt(at, reach);
    if (!hit) return null;
    // Things stand side by side: a stroke that begins on another's line draws; only a press chooses that one.
    if (this.kind.byDragging && this.tool === "draw" && hit.id !== this.chosenId) return { ...this.#stroke(at, reach), chooses: hit.id };
    if (hit.id !== this.chosenId) this.choose(hit.id);
    return { kind: "move", shape: hit, points: hit.points };
  }

  #shapeAt(at, reach) {
    const filled = this.tool === "choose";
    return this.shapes.findLast(({ points }) => distanceTo(this.kind, points, at, { filled }) <= reach) ?? null;
  }

  #begin(at, reach) {
    if (this.tool === "choose") {
      this.choose(null);
      return null;
    }
    return this.kind.byDragging ? this.#stroke(at, reach) : { kind: "place" };
  }

  #stroke(at, reach) {
    const point = onPicture(at, this.picture);
    return { kind: "stroke", points: [point, point], reach };
  }

  drag(at) {
    const { gesture } = this;
    if (!gesture) return;
    const point = onPicture(at, this.picture);
    if (gesture.kind === "handle") {
      gesture.moves = true;
      gesture.after = this.kind.withHandleAt(gesture.points, gesture.no, point);
    } else if (gesture.kind === "move") {
      gesture.moves = true;
      gesture.after = moved(gesture.points, at.x - gesture.from.x, at.y - gesture.from.y, this.picture);
    } else if (gesture.kind === "stroke") gesture.points = [gesture.points[0], point];
    else if (this.draft) this.draft = { ...this.draft, next: point };
    this.stage.draw();
  }

  release(at, { reach }) {
    const { gesture } = this;
    this.gesture = null;
    if (!gesture) return;
    if (gesture.kind === "handle") {
      this.handle = gesture.no;
      this.reshape(gesture.shape, gesture.after ?? gesture.points);
    } else if (gesture.kind === "move") {
      if (gesture.after) this.reshape(gesture.shape, gesture.after);
    } else if (gesture.kind === "stroke" && distance(gesture.from, at) > gesture.reach / 2) this.add(gesture.points);
    else if (gesture.chooses) this.choose(gesture.chooses);
    else this.#placeOrFinish(at, reach);
  }

  // A press on the first corner closes a polygon; one on the last point ends a polyline.
  #placeOrFinish(at, reach) {
    const points = this.draft?.points ?? [];
    const end = this.kind.closed ? points[0] : points.at(-1);
    const isWhole = this.kind.most > 2 && points.length >= this.kind.least;
    if (isWhole && distance(end, at) <= reach) this.finish();
    else this.place(at);
  }

  abandon() {
    this.gesture = null;
    this.stage.draw();
  }

  hover(at) {
    if (!this.draft || !this.picture || this.gesture) return;
    this.draft = { ...this.draft, next: at ? onPicture(at, this.picture) : this.draft.points.at(-1) };
    this.stage.draw();
  }

  // --- what the keys do ---

  moveByKey(dx, dy) {
    const shape = this.draft ? null : this.chosen;
    if (!shape) {
      const moves = super.moveByKey(dx, dy);
      if (this.draft) this.draft = { ...this.draft, next: this.cursor };
      return moves;
    }
    const points = this.handle === null ? moved(shape.points, dx, dy, this.picture) : this.#withHandleMoved(shape, dx, dy);
    this.stage.show(points[0]);
    this.reshape(shape, points, this.#positionOf(points));
  }

  #withHandleMoved({ points }, dx, dy) {
    const { at } = this.kind.handles(points)[this.handle];
    return this.kind.withHandleAt(points, this.handle, onPicture({ x: at.x + dx, y: at.y + dy }, this.picture));
  }

  #positionOf(points) {
    if (this.kind !== BOX) return say(words.draw_at, points[this.handle ?? 0]);
    return say(words.draw_box_at, boundsOf(points));
  }

  stageKey(event) {
    const { key, code } = event;
    if (key === " " || key === "Enter") this.#keyPlaces(key);
    else if (key === "Escape") this.escape();
    else if (key === "Delete" || key === "Backspace") this.remove();
    else if (code === "KeyN") this.#step(1);
    else if (code === "KeyP") this.#step(-1);
    else return false;
    return true;
  }

  #keyPlaces(key) {
    if (this.chosen && !this.draft) return this.#nextHandle();
    if (this.draft && key === "Enter" && this.kind.most > 2) return this.finish();
    if (!this.cursor) this.moveByKey(0, 0);
    this.place(this.cursor);
  }

  #nextHandle() {
    const handles = this.kind.handles(this.chosen.points);
    if (handles.length < 2) return;
    this.handle = ((this.handle ?? -1) + 1) % handles.length;
    const { x, y } = handles[this.handle].at;
    const facts = { no: this.handle + 1, count: handles.length, x: Math.round(x), y: Math.round(y) };
    this.refresh();
    this.announce(say(words.draw_handle, facts));
  }

  #step(by) {
    if (!this.shapes.length || this.draft) return;
    const at = this.shapes.findIndex(({ id }) => id === this.chosenId);
    const next = at < 0 ? (by > 0 ? 0 : this.shapes.length - 1) : (at + by + this.shapes.length) % this.shapes.length;
    this.choose(this.shapes[next].id);
    this.stage.show(this.shapes[next].points[0]);
  }

  paint() {
    this.stage.overlay.replaceChildren(...paintShapes(this), ...this.paintCursor());
  }
}
