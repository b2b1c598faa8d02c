// How shapes look in the overlay: a light line under a coloured one, so that both are seen on any picture.

function paintShapes(element) {
  const parts = element.shapes.flatMap((shape) => paintShape(element, shape));
  if (element.draft) parts.push(...paintDraft(element, element.draft.points, element.draft.next));
  if (element.gesture?.kind === "stroke") parts.push(...paintDraft(element, element.gesture.points, null));
  return parts;
}

function paintShape(element, shape) {
  const isChosen = shape.id === element.chosenId;
  const { kind, stage, gesture } = element;
  const held = gesture?.shape?.id === shape.id ? (gesture.after ?? gesture.points) : shape.points;
  const colour = element.colourOf(shape.label);
  const points = settled(kind, held);
  const parts = paintPath(element, points, colour, isChosen);
  parts.push(...paintName(stage.view.toScreen(topOf(kind, points)), shape.label, colour));
  if (!isChosen || element.draft) return parts;
  for (const { at } of kind.sprouts(points)) parts.push(paintKnob(stage.view.toScreen(at), colour, { small: true }));
  // The box as it is held, not as it will lie: its handles keep their numbers while they are pulled.
  for (const { at, no } of kind.handles(held)) {
    parts.push(paintKnob(stage.view.toScreen(at), colour, { filled: no === element.handle }));
  }
  return parts;
}

function paintPath({ kind, stage }, points, colour, isChosen) {
  if (points.length === 1) return paintPoint(stage.view.toScreen(points[0]), colour, isChosen);
  const d = lineOf(kind.outline(points).map((point) => stage.view.toScreen(point)), kind.closed);
  const fill = kind.closed ? { fill: colour, "fill-opacity": isChosen ? "0.25" : "0.1" } : {};
  return [strokes(d, "#fff", isChosen ? 7 : 5), strokes(d, colour, isChosen ? 4 : 2.5, fill)];
}

function paintPoint({ x, y }, colour, isChosen) {
  const circle = (r, more) => makeSvg("circle", { cx: x, cy: y, r, ...more });
  return [
    circle(isChosen ? 10 : 8, { fill: "#fff", stroke: "#000", "stroke-width": isChosen ? 2 : 1 }),
    circle(isChosen ? 6 : 5, { fill: colour }),
  ];
}

function paintDraft(element, points, next) {
  const { kind, stage, label } = element;
  const colour = element.colourOf(label);
  const places = kind === BOX && (next ?? points[1]) ? cornersOfBox([points[0], next ?? points[1]]) : [...points, ...(next ? [next] : [])];
  const screen = places.map((point) => stage.view.toScreen(point));
  const d = lineOf(screen, kind === BOX);
  const knobs = points.map((point) => paintKnob(stage.view.toScreen(point), colour, {}));
  return [strokes(d, "#fff", 5), strokes(d, colour, 2.5, { "stroke-dasharray": "6 4" }), ...knobs];
}

function paintKnob({ x, y }, colour, { small = false, filled = false }) {
  const size = (matchMedia("(pointer: coarse)").matches ? 10 : 7) * (small ? 0.6 : 1);
  return makeSvg("circle", { cx: x, cy: y, r: size, fill: filled ? "#000" : "#fff", stroke: filled ? "#fff" : colour, "stroke-width": 3 });
}

// The label in words, because colours alone say nothing to some.
function paintName({ x, y }, label, colour) {
  const text = label.length > 24 ? `${label.slice(0, 23)}…` : label;
  const name = makeSvg("text", { x: x + 6, y: y - 11, fill: inkOn(colour) });
  name.textContent = text;
  const width = 12 + 8 * text.length;
  const plate = makeSvg("rect", { x, y: y - 26, width, height: 21, rx: 4, fill: colour, stroke: "#fff" });
  requestAnimationFrame(() => plate.setAttribute("width", (name.getComputedTextLength?.() || width - 12) + 12));
  return [plate, name];
}

function topOf(kind, points) {
  return kind.outline(points).reduce((top, point) => (point.y < top.y || (point.y === top.y && point.x < top.x) ? point : top));
}

function lineOf(points, closed) {
  return `M${points.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}${closed ? "Z" : ""}`;
}
