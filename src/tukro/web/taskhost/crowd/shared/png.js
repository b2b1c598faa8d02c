// Needs: vendor/fflate.js
// Writes a PNG (ISO/IEC 15948) of few colours: eight bits each of red, green, blue and opacity, since that is what
// readers of label pictures expect.
//
// The canvas could write one, too, but browsers that guard against fingerprinting change single pixels of what a
// canvas gives away, and a changed pixel is another label.

const PNG_SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? 0xedb88320 ^ (rest >>> 1) : rest >>> 1;
  return rest;
});

// `pixels`: one byte each, rows from the top; `palette`: for each of their values [red, green, blue, opacity].
function encodePng(pixels, { width, height }, palette) {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 6, 0, 0, 0], 8); // eight bits, true colour with opacity
  const chunks = [pngChunk("IHDR", header), pngChunk("IDAT", pngData(pixels, width, height, palette)), pngChunk("IEND")];
  return joined([Uint8Array.from(PNG_SIGNATURE), ...chunks]);
}

// The rows, compressed one after the other: a whole photograph's worth of them never lies in memory at once.
function pngData(pixels, width, height, palette) {
  const colours = palette.map((colour) => new Uint32Array(Uint8Array.from(colour).buffer)[0]);
  const parts = [];
  const deflate = new fflate.Zlib({ level: 6 }, (part) => parts.push(part));
  const line = new Uint32Array(width);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) line[column] = colours[pixels[row * width + column]];
    const bytes = new Uint8Array(1 + width * 4); // the first says: no filter
    bytes.set(new Uint8Array(line.buffer), 1);
    deflate.push(bytes, row === height - 1);
  }
  return joined(parts);
}

function pngChunk(name, data = new Uint8Array()) {
  const chunk = new Uint8Array(12 + data.length);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  chunk.set([...name].map((letter) => letter.charCodeAt(0)), 4);
  chunk.set(data, 8);
  view.setUint32(8 + data.length, crc32(chunk.subarray(4, 8 + data.length)));
  return chunk;
}

function crc32(bytes) {
  let rest = 0xffffffff;
  for (const byte of bytes) rest = CRC_TABLE[(rest ^ byte) & 255] ^ (rest >>> 8);
  return (rest ^ 0xffffffff) >>> 0;
}

function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function base64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
