// Icons by name from the open iron-icons set ("search", "maps:place"), or by the address of a picture.

function icon(name) {
  if (/^(https?:|data:|\/)/.test(name)) return make("img", { src: name, alt: "", class: "icon" });
  const shape = make("span", { class: "icon", "aria-hidden": "true" });
  shape.style.maskImage = `url("${HOME}crowd-icons/${encodeURIComponent(name)}.svg")`;
  return shape;
}

// What an icon's name says, for those who do not see it: "add-shopping-cart" is "add shopping cart".
function iconInWords(name) {
  return /^[\w:-]+$/.test(name) ? name.replace(/^[\w-]+:/, "").replaceAll("-", " ") : "";
}

const ICON_STYLE = `
  .icon { inline-size: 1.5em; block-size: 1.5em; flex: none; display: inline-block; vertical-align: middle; }
  span.icon { background: currentColor; mask: center / contain no-repeat; }
`;
