// Plain geometry on points {x, y} in pixels of the original picture. No page, no state.

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

// The nearest whole pixel that lies on the picture.
function onPicture({ x, y }, { width, height }) {
  return { x: clamp(Math.round(x), 0, width), y: clamp(Math.round(y), 0, height) };
}

const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);

function distanceToSegment(point, a, b) {
  const length = distance(a, b);
  if (length === 0) return distance(point, a);
  const along = ((point.x - a.x) * (b.x - a.x) + (point.y - a.y) * (b.y - a.y)) / (length * length);
  const t = clamp(along, 0, 1);
  return distance(point, { x: a.x + t * (b.x - a.x), y: a.y + t * (b.y - a.y) });
}

// Even-odd rule; `corners` is a closed polygon.
function isInside(point, corners) {
  let inside = false;
  for (let i = 0, j = corners.length - 1; i < corners.length; j = i++) {
    const a = corners[i];
    const b = corners[j];
    const crosses = a.y > point.y !== b.y > point.y;
    if (crosses && point.x < ((b.x - a.x) * (point.y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}

function boundsOf(points) {
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  const left = Math.min(...xs);
  const top = Math.min(...ys);
  return { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

// Whether the sides of a path touch anywhere but at the corners that neighbours share.
function crossesItself(points, { closed }) {
  const sides = sidesOf(points, closed);
  for (let i = 0; i < sides.length; i++) {
    for (let j = i + 1; j < sides.length; j++) {
      const neighbours = j === i + 1 || (closed && i === 0 && j === sides.length - 1);
      if (neighbours ? foldsBack(sides[i], sides[j]) : segmentsMeet(...sides[i], ...sides[j])) return true;
    }
  }
  return false;
}

function sidesOf(points, closed) {
  const sides = [];
  for (let i = 1; i < points.length; i++) sides.push([points[i - 1], points[i]]);
  if (closed && points.length > 2) sides.push([points[points.length - 1], points[0]]);
  return sides;
}

const turnOf = (a, b, c) => Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));
const samePoint = (a, b) => a.x === b.x && a.y === b.y;

function segmentsMeet(a, b, c, d) {
  const turns = [turnOf(a, b, c), turnOf(a, b, d), turnOf(c, d, a), turnOf(c, d, b)];
  if (turns[0] !== turns[1] && turns[2] !== turns[3]) return true;
  return (
    (turns[0] === 0 && isBetween(c, a, b)) ||
    (turns[1] === 0 && isBetween(d, a, b)) ||
    (turns[2] === 0 && isBetween(a, c, d)) ||
    (turns[3] === 0 && isBetween(b, c, d))
  );
}

const isBetween = (point, a, b) =>
  point.x >= Math.min(a.x, b.x) &&
  point.x <= Math.max(a.x, b.x) &&
  point.y >= Math.min(a.y, b.y) &&
  point.y <= Math.max(a.y, b.y);

// Two sides that share a corner and run back over one another.
function foldsBack([a, b], [c, d]) {
  const [corner, one, two] = samePoint(b, c) ? [b, a, d] : [a, b, c];
  if (samePoint(corner, one) || samePoint(corner, two)) return false;
  const dot = (one.x - corner.x) * (two.x - corner.x) + (one.y - corner.y) * (two.y - corner.y);
  return turnOf(one, corner, two) === 0 && dot > 0;
}
