// Colours of labels. The first ten are those that MTurk's answers show (segmentation names them in the answer).

const FIRST_TEN = [
  "#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd",
  "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf",
];
const HEX = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;

// The colour number `no`, counted from 0; never one that is in `taken`.
function colourOf(no, taken = new Set()) {
  if (no < FIRST_TEN.length && !taken.has(FIRST_TEN[no])) return FIRST_TEN[no];
  for (let step = no; ; step++) {
    // Steps of the golden angle keep neighbours far apart; lightness takes turns.
    const colour = fromHsl((step * 137.508) % 360, 0.65, [0.4, 0.55, 0.7][step % 3]);
    if (!taken.has(colour)) return colour;
  }
}

// #rrggbb in small letters, or null.
function hexColour(text) {
  if (typeof text !== "string" || !HEX.test(text.trim())) return null;
  const hex = text.trim().toLowerCase();
  return hex.length === 7 ? hex : `#${[...hex.slice(1)].map((digit) => digit + digit).join("")}`;
}

function rgbOf(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

// Black or white, whichever reads better on `hex` (WCAG's relative luminance).
function inkOn(hex) {
  const [r, g, b] = rgbOf(hex).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000000" : "#ffffff";
}

function fromHsl(hue, saturation, lightness) {
  const part = (n) => {
    const k = (n + hue / 30) % 12;
    const reach = saturation * Math.min(lightness, 1 - lightness);
    const value = lightness - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(255 * value).toString(16).padStart(2, "0");
  };
  return `#${part(0)}${part(8)}${part(4)}`;
}
