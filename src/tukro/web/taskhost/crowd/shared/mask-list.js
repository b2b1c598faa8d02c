// Needs: shared/labelling.js shared/icons.js
// What is painted, as a list: each layer with its share of the picture, to go on with or to take away.

const MASK_LIST_STYLE = `
  .items .title { font-weight: 600; margin: .5rem 0 .25rem; }
  .items ol { list-style: none; margin: 0; padding: 0; display: grid; gap: .375rem; }
  .items li { display: flex; gap: .5rem; align-items: center; border: 1px solid var(--line); border-radius: var(--round); padding: .25rem; }
  .items li.is-chosen { border-color: var(--accent); background: var(--accent-soft); }
  .items .name { flex: 1; display: flex; gap: .5rem; align-items: center; text-align: start; border: 0; background: none; overflow-wrap: anywhere; }
`;

class MaskList {
  constructor(owner) {
    this.owner = owner;
    this.rows = make("ol", { role: "list", "aria-labelledby": "list-title" });
    this.element = make("div", { class: "items" }, make("p", { class: "title", id: "list-title", lang: language }, words.draw_painted), this.rows);
  }

  // All rows anew.
  refresh() {
    const { owner } = this;
    const counts = owner.mask.counts();
    const shown = owner.shownLayers();
    const isListed = (layer, no) => shown[no] && !layer.gone && (counts[no + 1] > 0 || owner.listsEmpty);
    const rows = owner.layers.map((layer, no) => isListed(layer, no) && this.#row(layer, no, counts[no + 1]));
    refill(this.rows, rows.filter(Boolean));
    this.element.hidden = this.rows.childElementCount === 0;
  }

  #row(layer, no, count) {
    const { owner } = this;
    const isChosen = no === owner.layerNo;
    const swatch = make("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.background = layer.colour;
    const percent = Math.round((1000 * count) / owner.mask.pixels.length) / 10;
    const facts = { type: "button", class: "name", "aria-pressed": String(isChosen), "data-key": `layer-${no}` };
    const name = say(words.draw_share, { name: owner.layerName(no), percent });
    const choose = make("button", { ...facts, onclick: () => owner.chooseLayer(no) }, swatch, name);
    const removeName = say(words.draw_remove_layer, { name: owner.layerName(no) });
    const remove = iconButton("remove", removeName, () => {
      owner.clearLayer(no);
      owner.focus();
    });
    return make("li", { class: isChosen ? "is-chosen" : "" }, choose, remove);
  }
}
