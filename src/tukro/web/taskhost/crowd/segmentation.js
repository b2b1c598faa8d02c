// Needs: shared/mask-element.js
// crowd-semantic-segmentation: every pixel has at most one label. crowd-instance-segmentation: every thing has a
// layer and a colour of its own, and a label.

define("crowd-semantic-segmentation", class extends MaskElement {
  static tellsModified = true;

  // One layer per label: those of the earlier result in its colours, then the others.
  layersOf(initial) {
    const mapped = Object.entries(initial?.labelMappings ?? {})
      .map(([label, mapping]) => ({ label, colour: hexColour(mapping?.color) }))
      .filter(({ colour }) => colour !== null);
    const taken = new Set(mapped.map(({ colour }) => colour));
    const known = new Set(mapped.map(({ label }) => label));
    const layers = [...mapped];
    this.labels.forEach((label, no) => {
      if (known.has(label)) return;
      const colour = colourOf(no, taken);
      taken.add(colour);
      layers.push({ label, colour });
    });
    return layers.slice(0, MOST_LAYERS);
  }

  colourOf(label) {
    return this.layers.find((layer) => layer.label === label)?.colour ?? super.colourOf(label);
  }

  // Labels that a script adds later get their layers then.
  refresh() {
    if (this.mask) {
      const missing = this.labels.filter((label) => !this.layers.some((layer) => layer.label === label));
      const taken = new Set(this.layers.map(({ colour }) => colour));
      for (const label of missing) {
        if (this.layers.length >= MOST_LAYERS) break;
        const colour = colourOf(this.layers.length, taken);
        taken.add(colour);
        this.history.layers = [...this.layers, { label, colour }];
      }
    }
    super.refresh();
  }

  get layerNo() {
    return this.layers.findIndex((layer) => layer.label === this.label);
  }

  layerValue() {
    return this.layerNo < 0 ? null : this.layerNo + 1;
  }

  layerName(no) {
    return this.layers[no].label;
  }

  chooseLayer(no) {
    this.chooseLabel(this.layers[no].label);
  }

  layersWithout() {
    return this.layers;
  }

  layersAnswer(used) {
    return { labelMappings: Object.fromEntries(used.map(({ label, colour }) => [label, { color: colour }])) };
  }
});

define("crowd-instance-segmentation", class extends MaskElement {
  listsEmpty = true;
  layerNo = -1;

  build() {
    super.build();
    const add = () => this.addInstance(this.label);
    this.addButton = make("button", { type: "button", lang: language, onclick: add }, words.draw_add_instance);
    this.labelRow.after(make("div", {}, this.addButton));
  }

  keyRows() {
    return [[["A"], words.key_add_instance], ...super.keyRows()];
  }

  // Colours belong to instances, not to labels.
  labelButton(label, no) {
    const button = super.labelButton(label, no);
    button.querySelector(".swatch").remove();
    return button;
  }

  layersOf(initial) {
    const given = Array.isArray(initial?.instances) ? initial.instances : [];
    return given
      .map(({ label, color } = {}) => ({ label, colour: hexColour(color) }))
      .filter(({ label, colour }) => typeof label === "string" && colour !== null)
      .slice(0, MOST_LAYERS);
  }

  escapeAll() {
    super.escapeAll();
    if (!this.layers[this.layerNo]) this.layerNo = this.#lastOf(this.label);
  }

  #lastOf(label) {
    return this.layers.findLastIndex((layer) => layer.label === label && !layer.gone);
  }

  // Another thing of this label; what is painted next belongs to it.
  addInstance(label) {
    if (!label || !this.mask) return;
    if (this.layers.length >= MOST_LAYERS) return this.announce(words.draw_too_many);
    this.#append(label);
    this.refresh();
    this.announce(say(words.draw_added, { name: this.layerName(this.layerNo) }));
  }

  #append(label) {
    const taken = new Set(this.layers.map(({ colour }) => colour));
    this.history.layers = [...this.layers, { label, colour: colourOf(this.layers.length, taken) }];
    this.layerNo = this.layers.length - 1;
  }

  // The first stroke of a label makes its first instance.
  layerValue() {
    const layer = this.layers[this.layerNo];
    if (!layer || layer.label !== this.label || layer.gone) {
      if (!this.label || this.layers.length >= MOST_LAYERS) return null;
      this.#append(this.label);
    }
    return this.layerNo + 1;
  }

  layerName(no) {
    const before = this.layers.slice(0, no).filter((layer) => layer.label === this.layers[no].label && !layer.gone);
    return say(words.draw_item, { no: before.length + 1, label: this.layers[no].label });
  }

  chooseLayer(no) {
    this.label = this.layers[no].label;
    this.layerNo = no;
    this.refresh();
    this.announce(say(words.draw_chosen, { name: this.layerName(no) }));
  }

  chooseLabel(label) {
    this.layerNo = this.#lastOf(label);
    super.chooseLabel(label);
  }

  // Numbers of layers are in the pixels, so a layer that is taken away keeps its place.
  layersWithout(no) {
    this.layerNo = -1;
    return this.layers.map((layer, i) => (i === no ? { ...layer, gone: true } : layer));
  }

  layersAnswer(used) {
    return { instances: used.map(({ label, colour }) => ({ color: colour, label })) };
  }

  stageKey(event) {
    if (event.code !== "KeyA") return super.stageKey(event);
    this.addInstance(this.label);
    return true;
  }
});
