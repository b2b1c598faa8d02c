// Needs: shared/mask.js shared/colours.js
// The mask as it is seen over the picture, and masks read from pictures.

const MOST_CANVAS_PIXELS = 8_000_000; // phones refuse larger ones; above, every second pixel or fewer is shown
const LIKE_ENOUGH = 48; // distance of colours, for masks that went through a lossy format

class MaskCanvas {
  constructor({ width, height }) {
    this.step = Math.ceil(Math.sqrt((width * height) / MOST_CANVAS_PIXELS));
    this.element = make("canvas", {
      class: "mask",
      width: Math.ceil(width / this.step),
      height: Math.ceil(height / this.step),
      "aria-hidden": "true",
    });
    this.element.style.inlineSize = `${width}px`;
    this.element.style.blockSize = `${height}px`;
    this.context = this.element.getContext("2d");
  }

  // Show a rectangle of the mask anew. `palette`: [red, green, blue, opacity] for each value.
  show(mask, rect, palette) {
    const { step } = this;
    const [left, top] = [Math.floor(rect.left / step), Math.floor(rect.top / step)];
    const [width, height] = [Math.ceil(rect.right / step) - left, Math.ceil(rect.bottom / step) - top];
    if (width <= 0 || height <= 0) return;
    const image = this.context.createImageData(width, height);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const value = mask.pixels[(top + y) * step * mask.width + (left + x) * step];
        if (value) image.data.set(palette[value], 4 * (y * width + x));
      }
    }
    this.context.putImageData(image, left, top);
  }
}

// The mask in a picture; `colours` are those of its layers, in order. Rejects when it cannot be loaded or read.
async function maskFrom(src, picture, colours) {
  const image = new Image();
  if (!src.startsWith("data:")) image.crossOrigin = "anonymous";
  image.src = src;
  await image.decode();
  const canvas = make("canvas", { width: picture.width, height: picture.height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.imageSmoothingEnabled = false;
  context.drawImage(image, 0, 0, picture.width, picture.height);
  const { data } = context.getImageData(0, 0, picture.width, picture.height);
  const mask = new Mask(picture);
  const layerOf = layerFinder(colours.map(rgbOf));
  for (let at = 0; at < mask.pixels.length; at++) {
    if (data[4 * at + 3] >= 128) mask.pixels[at] = layerOf(data[4 * at], data[4 * at + 1], data[4 * at + 2]);
  }
  return mask;
}

// The number of the layer whose colour is nearest, counted from 1; 0 when none is near.
function layerFinder(colours) {
  const known = new Map();
  return (r, g, b) => {
    const key = (r << 16) | (g << 8) | b;
    if (!known.has(key)) {
      const far = colours.map((colour) => Math.hypot(colour[0] - r, colour[1] - g, colour[2] - b));
      const least = Math.min(...far);
      known.set(key, least <= LIKE_ENOUGH ? far.indexOf(least) + 1 : 0);
    }
    return known.get(key);
  };
}
