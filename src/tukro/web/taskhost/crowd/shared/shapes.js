// Needs: shared/geometry.js
// The five kinds of shape: what each is made of, how it is drawn, taken hold of and written in the answer.
// A shape is {id, label, points}: points of the original picture. A box has two: top left, bottom right.

const pointCopy = ({ x, y }) => ({ x, y });
const cornersOfBox = ([a, b]) => [a, { x: b.x, y: a.y }, b, { x: a.x, y: b.y }];
const middleOf = (a, b) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

function asVertices({ label, points }) {
  return { label, vertices: points.map(pointCopy) };
}

function fromVertices({ vertices }) {
  return Array.isArray(vertices) && vertices.every(isPoint) ? vertices.map(pointCopy) : null;
}

const isPoint = (point) => Number.isFinite(point?.x) && Number.isFinite(point?.y);

// What all kinds share; a kind names what differs.
const PATH_KIND = {
  hint: "", // what to do first, and with a draft
  draftHint: "",
  least: 2,
  most: Infinity,
  closed: false,
  byDragging: false, // two points from one stroke of the pointer
  tellsModified: false, // `initialValueModified` in the answer
  answerOf: asVertices,
  pointsOf: fromVertices,
  outline: (points) => points,
  handles: (points) => points.map((at, no) => ({ at, no })),
  withHandleAt: (points, no, at) => points.map((point, i) => (i === no ? at : point)),
  // Places where a further point can be pulled out of a side.
  sprouts: () => [],
  isSound: (points) => points.length >= 2 && points.some((point) => distance(point, points[0]) > 0),
};

const BOX = {
  ...PATH_KIND,
  key: "boundingBoxes",
  hint: words.hint_box,
  draftHint: words.hint_second_corner,
  most: 2,
  closed: true,
  byDragging: true,
  tellsModified: true,
  answerOf: ({ label, points }) => {
    const { left, top, width, height } = boundsOf(points);
    return { height, label, left, top, width };
  },
  pointsOf: ({ left, top, width, height }) =>
    [left, top, width, height].every(Number.isFinite)
      ? [{ x: left, y: top }, { x: left + width, y: top + height }]
      : null,
  outline: cornersOfBox,
  handles: (points) => {
    const [a, b, c, d] = cornersOfBox(points);
    return [a, middleOf(a, b), b, middleOf(b, c), c, middleOf(c, d), d, middleOf(d, a)].map((at, no) => ({ at, no }));
  },
  withHandleAt: ([a, b], no, at) => {
    const [movesLeft, movesTop] = [[0, 6, 7], [0, 1, 2]].map((numbers) => numbers.includes(no));
    const [movesRight, movesBottom] = [[2, 3, 4], [4, 5, 6]].map((numbers) => numbers.includes(no));
    return [
      { x: movesLeft ? at.x : a.x, y: movesTop ? at.y : a.y },
      { x: movesRight ? at.x : b.x, y: movesBottom ? at.y : b.y },
    ];
  },
  isSound: (points) => points.length === 2 && boundsOf(points).width > 0 && boundsOf(points).height > 0,
};

const KEYPOINT = {
  ...PATH_KIND,
  key: "keypoints",
  hint: words.hint_point,
  least: 1,
  most: 1,
  answerOf: ({ label, points: [{ x, y }] }) => ({ label, x, y }),
  pointsOf: (item) => (isPoint(item) ? [pointCopy(item)] : null),
  isSound: (points) => points.length === 1,
};

const POLYGON = {
  ...PATH_KIND,
  key: "polygons",
  hint: words.hint_polygon,
  draftHint: words.hint_polygon_draft,
  least: 3,
  closed: true,
  sprouts: (points) => sproutsOf(points, true),
  isSound: (points) => points.length >= 3 && !crossesItself(points, { closed: true }),
};

const LINE = {
  ...PATH_KIND,
  key: "lines",
  hint: words.hint_line,
  draftHint: words.hint_second_end,
  most: 2,
  byDragging: true,
  tellsModified: true,
};

const POLYLINE = {
  ...PATH_KIND,
  key: "polylines",
  hint: words.hint_polyline,
  draftHint: words.hint_polyline_draft,
  tellsModified: true,
  sprouts: (points) => sproutsOf(points, false),
};

function sproutsOf(points, closed) {
  return sidesOf(points, closed).map(([a, b], no) => ({ at: middleOf(a, b), no }));
}

// A box keeps its first point at the top left however its handles were pulled.
function settled(kind, points) {
  if (kind !== BOX || points.length < 2) return points;
  const { left, top, width, height } = boundsOf(points);
  return [{ x: left, y: top }, { x: left + width, y: top + height }];
}

// The shape moved as a whole, no further than the picture reaches.
function moved(points, dx, dy, { width, height }) {
  const box = boundsOf(points);
  const stepX = Math.round(Math.max(-box.left, Math.min(dx, width - box.left - box.width)));
  const stepY = Math.round(Math.max(-box.top, Math.min(dy, height - box.top - box.height)));
  return points.map(({ x, y }) => ({ x: x + stepX, y: y + stepY }));
}

// How far a point is from the shape's lines; 0 inside when `filled`.
function distanceTo(kind, points, at, { filled }) {
  if (points.length === 1) return distance(points[0], at);
  const outline = kind.outline(points);
  if (filled && kind.closed && isInside(at, outline)) return 0;
  return Math.min(...sidesOf(outline, kind.closed).map(([a, b]) => distanceToSegment(at, a, b)));
}

// What `initial-value` holds: a list, or an object with the list under the answer's key.
function shapesFrom(kind, initial) {
  const items = Array.isArray(initial) ? initial : (initial?.[kind.key] ?? []);
  return items
    .map((item) => ({ label: item?.label, points: item ? kind.pointsOf(item) : null }))
    .filter(({ label, points }) => typeof label === "string" && points !== null && points.length >= kind.least);
}
