// Keys and values that a machine read from a form: blocks of Amazon Textract, in its own spelling or in A2I's.

// A part of a block under its name, whichever letter it begins with.
function part(block, name) {
  return block[name] ?? block[name[0].toUpperCase() + name.slice(1)];
}

function linked(block, type) {
  const relations = (part(block, "relationships") ?? []).filter((one) => part(one, "type") === type);
  return relations.flatMap((one) => part(one, "ids") ?? []);
}

// What a block says: its text, or that of the words that it is made of.
function textOf(block, byId) {
  const own = part(block, "text");
  if (own !== undefined || !block) return own ?? "";
  return linked(block, "CHILD").map((id) => (byId.has(id) ? (part(byId.get(id), "text") ?? "") : "")).join(" ").trim();
}

// The pairs of a document: [{ key, values, keyText, valueText }], in its order.
function pairsOf(blocks) {
  const list = (Array.isArray(blocks) ? blocks : []).filter(isObject);
  const byId = new Map(list.map((block) => [part(block, "id"), block]));
  const keys = list.filter((block) => part(block, "blockType") === "KEY_VALUE_SET" && (part(block, "entityTypes") ?? []).includes("KEY"));
  return keys.map((key) => {
    const values = linked(key, "VALUE").map((id) => byId.get(id)).filter(Boolean);
    return { key, values, keyText: textOf(key, byId), valueText: values.map((value) => textOf(value, byId)).join(" ") };
  });
}

// Where a block stands, in shares of the picture: { left, top, width, height }, or null.
function placeOf(block) {
  const box = block && part(part(block, "geometry") ?? {}, "boundingBox");
  if (!box) return null;
  const [left, top, width, height] = ["left", "top", "width", "height"].map((name) => Number(part(box, name)));
  return [left, top, width, height].every(Number.isFinite) ? { left, top, width, height } : null;
}

// A block of the answer: the block as it came, in A2I's spelling, with its text and place of now.
function blockOf(block, text, place) {
  const id = part(block, "id") ?? newId();
  const made = { blockType: "KEY_VALUE_SET", id, entityTypes: part(block, "entityTypes"), text };
  const relationships = (part(block, "relationships") ?? []).map((one) => ({ type: part(one, "type"), ids: part(one, "ids") }));
  if (relationships.length) made.relationships = relationships;
  if (place) {
    const [left, top, width, height] = [place.left, place.top, place.width, place.height].map(toMillionths);
    made.geometry = { boundingBox: { left, top, width, height }, polygon: cornersOf({ left, top, width, height }) };
  }
  return made;
}

function cornersOf({ left, top, width, height }) {
  const right = toMillionths(left + width);
  const bottom = toMillionths(top + height);
  return [[left, top], [right, top], [right, bottom], [left, bottom]].map(([x, y]) => ({ x, y }));
}

function toMillionths(share) {
  return Math.round(1e6 * share) / 1e6;
}

// A random id as Textract's are (UUID 4); the browser's own maker of them is not there without TLS.
function newId() {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const variant = "89ab"[Number.parseInt(hex[16], 16) % 4];
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, variant + hex.slice(17, 20), hex.slice(20)].join("-");
}
