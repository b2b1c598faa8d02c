// The signs on tool buttons: strokes on a field of 24 by 24.

const ICONS = {
  draw: "M4 20l1-4L16 5l3 3L8 19l-4 1zM13 8l3 3",
  choose: "M6 3l12 10-6 .8L9.5 20z",
  pan: "M12 3v18M3 12h18M12 3L9.5 5.5M12 3l2.5 2.5M12 21l-2.5-2.5M12 21l2.5-2.5M3 12l2.5-2.5M3 12l2.5 2.5M21 12l-2.5-2.5M21 12l-2.5 2.5",
  undo: "M9 6L4 11l5 5M4 11h10a6 6 0 0 1 0 12",
  redo: "M15 6l5 5-5 5M20 11H10a6 6 0 0 0 0 12",
  zoom_in: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L21 21M10.5 7.5v6M7.5 10.5h6",
  zoom_out: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L21 21M7.5 10.5h6",
  fit: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  finish: "M4 13l5 5L20 6",
  cancel: "M6 6l12 12M18 6L6 18",
  remove: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v6M14 11v6",
  brush: "M20 4L10 14M10 14c-3-1-5 1-5 4 0 1-1 2-2 2 4 2 9 0 9-4 0-1-1-2-2-2z",
  eraser: "M13 5l7 7-8 8H8l-5-5zM8 10l7 7M12 20h9",
  area: "M5 18L4 8l8-4 8 6-3 9z",
};

function iconButton(icon, name, press, more = {}) {
  const picture = makeSvg("svg", { viewBox: "0 0 24 24", width: "22", height: "22", "aria-hidden": "true" });
  picture.append(makeSvg("path", { d: ICONS[icon] }));
  return make("button", { type: "button", class: "tool", title: name, "aria-label": name, onclick: press, ...more }, picture);
}

// Elements of a drawing; every name becomes an attribute.
function makeSvg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}
