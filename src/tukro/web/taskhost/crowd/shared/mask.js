// Needs: shared/geometry.js
// A picture's worth of small numbers, one for each pixel: which layer lies there. 0 is none.

const MOST_LAYERS = 255;
const HISTORY_BYTES = 96 * 1024 * 1024;

class Mask {
  constructor({ width, height }) {
    this.width = width;
    this.height = height;
    this.pixels = new Uint8Array(width * height);
  }

  // Everything whose pixel's middle is no further than half of `size` from the line between two places.
  // Returns the rectangle that may have changed.
  brush(a, b, size, value) {
    const radius = Math.max(size / 2, 0.5);
    const rect = this.#rect(Math.min(a.x, b.x) - radius, Math.min(a.y, b.y) - radius, Math.max(a.x, b.x) + radius, Math.max(a.y, b.y) + radius);
    const [dx, dy] = [b.x - a.x, b.y - a.y];
    const length = dx * dx + dy * dy;
    const reach = radius * radius;
    for (let y = rect.top; y < rect.bottom; y++) {
      for (let x = rect.left; x < rect.right; x++) {
        // As distanceToSegment, without making an object for each pixel.
        const px = x + 0.5 - a.x;
        const py = y + 0.5 - a.y;
        const along = length === 0 ? 0 : clamp((px * dx + py * dy) / length, 0, 1);
        const ox = px - along * dx;
        const oy = py - along * dy;
        if (ox * ox + oy * oy <= reach) this.pixels[y * this.width + x] = value;
      }
    }
    return rect;
  }

  // Everything whose pixel's middle lies inside the corners (even-odd).
  fill(corners, value) {
    const box = boundsOf(corners);
    const rect = this.#rect(box.left, box.top, box.left + box.width, box.top + box.height);
    for (let y = rect.top; y < rect.bottom; y++) {
      const crossings = crossingsOf(corners, y + 0.5);
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        const from = Math.max(Math.ceil(crossings[i] - 0.5), rect.left);
        const to = Math.min(Math.ceil(crossings[i + 1] - 0.5), rect.right);
        if (to > from) this.pixels.fill(value, y * this.width + from, y * this.width + to);
      }
    }
    return rect;
  }

  // Takes a layer away wherever it lies.
  clear(value) {
    for (let at = 0; at < this.pixels.length; at++) if (this.pixels[at] === value) this.pixels[at] = 0;
    return this.all;
  }

  get all() {
    return { left: 0, top: 0, right: this.width, bottom: this.height };
  }

  // How many pixels each layer has.
  counts() {
    const counts = new Uint32Array(MOST_LAYERS + 1);
    for (const value of this.pixels) counts[value]++;
    return counts;
  }

  cut({ left, top, right, bottom }, pixels = this.pixels) {
    const width = right - left;
    const part = new Uint8Array(Math.max(width * (bottom - top), 0));
    for (let y = top; y < bottom; y++) {
      part.set(pixels.subarray(y * this.width + left, y * this.width + right), (y - top) * width);
    }
    return part;
  }

  paste({ left, top, right, bottom }, part) {
    const width = right - left;
    for (let y = top; y < bottom; y++) {
      this.pixels.set(part.subarray((y - top) * width, (y - top + 1) * width), y * this.width + left);
    }
  }

  #rect(left, top, right, bottom) {
    return {
      left: clamp(Math.floor(left), 0, this.width),
      top: clamp(Math.floor(top), 0, this.height),
      right: clamp(Math.ceil(right), 0, this.width),
      bottom: clamp(Math.ceil(bottom), 0, this.height),
    };
  }
}

// Where a closed path crosses a row, from left to right.
function crossingsOf(corners, y) {
  const found = [];
  for (const [a, b] of sidesOf(corners, true)) {
    if (a.y > y !== b.y > y) found.push(a.x + ((y - a.y) * (b.x - a.x)) / (b.y - a.y));
  }
  return found.sort((one, other) => one - other);
}

function around(one, other) {
  if (!one) return other;
  return {
    left: Math.min(one.left, other.left),
    top: Math.min(one.top, other.top),
    right: Math.max(one.right, other.right),
    bottom: Math.max(one.bottom, other.bottom),
  };
}

// Undo for a mask: each step keeps the rectangle that it changed, before and after, and the layers.
class MaskHistory {
  #done = [];
  #undone = [];
  #bytes = 0;

  constructor(mask, layers) {
    this.mask = mask;
    this.layers = layers;
    this.changed = mask.all; // where the last step back or forth changed something
  }

  get canUndo() {
    return this.#done.length > 0;
  }

  get canRedo() {
    return this.#undone.length > 0;
  }

  // What has just been changed; `before` are the pixels of `rect` as they were.
  push({ rect, before, layers }) {
    const step = { rect, before, after: this.mask.cut(rect), layers: [this.layers, layers] };
    this.layers = layers;
    this.#undone = [];
    this.#done.push(step);
    this.#bytes += 2 * before.length;
    while (this.#bytes > HISTORY_BYTES && this.#done.length > 1) this.#bytes -= 2 * this.#done.shift().before.length;
  }

  undo() {
    const step = this.#done.pop();
    if (!step) return false;
    this.#undone.push(step);
    this.mask.paste(step.rect, step.before);
    this.layers = step.layers[0];
    this.changed = step.rect;
    return true;
  }

  redo() {
    const step = this.#undone.pop();
    if (!step) return false;
    this.#done.push(step);
    this.mask.paste(step.rect, step.after);
    this.layers = step.layers[1];
    this.changed = step.rect;
    return true;
  }
}
