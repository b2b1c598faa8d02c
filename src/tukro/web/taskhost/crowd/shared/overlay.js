// An earlier result drawn over a picture, to be judged: boxes, or a mask with the meaning of its colours.

const OVERLAY_STYLE = `
  .picture { position: relative; display: inline-block; max-inline-size: 100%; vertical-align: top; }
  .picture > img { display: block; max-inline-size: 100%; block-size: auto; }
  .picture > img.mask { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; opacity: .55; }
  .picture > svg { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; }
  rect { fill: none; stroke-width: 3; vector-effect: non-scaling-stroke; }
  .key { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; padding: 0; margin: .5rem 0; }
  .key li { display: flex; gap: .375rem; align-items: center; }
  .key span { inline-size: 1rem; block-size: 1rem; border: 1px solid var(--edge); border-radius: .2rem; flex: none; }
`;
const OVERLAY_COLOURS = ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#17becf", "#bcbd22", "#7f7f7f"];

// What is to be laid over `image`, and the list that says what its colours mean.
function overlayOf(overlay, image) {
  const { boundingBox, semanticSegmentation, instanceSegmentation } = isObject(overlay) ? overlay : {};
  if (isObject(boundingBox)) return boxesOver(boundingBox, image);
  if (isObject(semanticSegmentation)) {
    const mappings = Object.entries(semanticSegmentation.labelMappings ?? {});
    return maskOver(semanticSegmentation.src, mappings.map(([label, { color }]) => [label, color]));
  }
  if (isObject(instanceSegmentation)) {
    const instances = (instanceSegmentation.instances ?? []).filter(isObject);
    return maskOver(instanceSegmentation.src, instances.map(({ label, color }) => [label, color]));
  }
  return { layers: [], key: [] };
}

function boxesOver({ labels, value }, image) {
  const boxes = (Array.isArray(value) ? value : []).filter(isObject);
  const named = Array.isArray(labels) ? labels.map(String) : [...new Set(boxes.map((box) => String(box.label)))];
  const colour = (label) => OVERLAY_COLOURS[Math.max(0, named.indexOf(String(label))) % OVERLAY_COLOURS.length];
  const sheet = svg("svg", { "aria-hidden": "true", preserveAspectRatio: "none" });
  for (const { label, left, top, width, height } of boxes) {
    sheet.append(svg("rect", { x: left, y: top, width, height, stroke: colour(label) }));
  }
  // Boxes are measured in the picture's own pixels.
  const fit = () => sheet.setAttribute("viewBox", `0 0 ${image.naturalWidth || 1} ${image.naturalHeight || 1}`);
  image.addEventListener("load", fit);
  if (image.complete) fit();
  return { layers: [sheet], key: [...new Set(boxes.map((box) => String(box.label)))].map((label) => [label, colour(label)]) };
}

function maskOver(src, key) {
  return { layers: src ? [make("img", { class: "mask", src, alt: "" })] : [], key };
}

function svg(tag, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
