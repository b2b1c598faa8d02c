// Needs: shared/overlay.js
// A picture to look at: as wide as there is room, in full size on request, and with an earlier result over it.

const PICTURE_STYLE = `${OVERLAY_STYLE}
  dialog.large { max-inline-size: 100vw; max-block-size: 100vh; inline-size: 100vw; block-size: 100vh; }
`;

class PictureView {
  constructor() {
    this.image = make("img", { alt: words.picture });
    this.frame = make("div", { class: "picture" }, this.image);
    this.key = make("ul", { class: "key", hidden: true });
    this.large = make("dialog", { class: "large", "aria-label": words.picture });
    const close = make("button", { type: "button", onclick: () => this.large.close() }, words.close);
    this.full = make("img", { alt: words.picture });
    this.large.append(make("p", {}, close), this.full);
    const open = make("button", { type: "button", class: "link", onclick: () => this.#enlarge() }, words.full_size);
    this.parts = make("div", { class: "target", lang: language }, this.frame, this.key, make("p", {}, open), this.large);
  }

  show(src, overlay) {
    if (src) this.image.src = src;
    const { layers, key } = overlayOf(overlay, this.image);
    this.frame.replaceChildren(this.image, ...layers);
    this.key.hidden = !key.length;
    this.key.replaceChildren(
      ...key.map(([label, color]) => {
        const sign = make("span");
        sign.style.background = String(color);
        return make("li", {}, sign, String(label));
      }),
    );
  }

  #enlarge() {
    this.full.src = this.image.src;
    this.large.showModal();
  }
}
