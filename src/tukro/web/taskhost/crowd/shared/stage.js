// Needs: shared/view.js shared/icons.js
// The picture on its stage: loading, zooming, panning, and what one pointer or finger does on it.
//
// The one who draws is told in pixels of the picture: press, drag, release, abandon, hover (`hand`). Two
// fingers always zoom and pan; whatever one finger had begun is abandoned then.

const REACH = { mouse: 8, pen: 12, touch: 22 }; // how near is near enough, in screen pixels
const ZOOM_STEP = 1.5;
const PAN_STEP = 60;

class Stage {
  panning = false; // the hand tool: one finger moves the picture
  picture = null; // its size
  view = null; // there is none before the picture can be drawn on

  constructor({ hand, paint }) {
    this.hand = hand;
    this.paint = paint;
    this.image = make("img", { alt: "", draggable: false });
    this.layer = make("div", { class: "layer" }, this.image);
    this.overlay = makeSvg("svg", { class: "overlay", "aria-hidden": "true" });
    this.element = make("div", { class: "stage", tabIndex: 0, role: "application" }, this.layer, this.overlay);
    this.#pointers = new Map();
    this.#listen();
  }

  #pointers;
  #pinch = null;
  #busy = null; // the pointer that draws or pans, with the place where it was last
  #frame = 0;

  // Resolves when the picture is there; rejects when it cannot be loaded.
  async load(src) {
    this.close();
    this.image.removeAttribute("src");
    if (!src) throw new Error("no picture");
    await new Promise((resolve, reject) => {
      this.image.onload = resolve;
      this.image.onerror = () => reject(new Error("the picture did not load"));
      this.image.src = src;
    });
    const picture = { width: this.image.naturalWidth, height: this.image.naturalHeight };
    if (!picture.width || !picture.height) throw new Error("the picture has no size");
    this.picture = picture;
    this.element.style.setProperty("--shape", String(picture.width / picture.height));
  }

  // From now on hands and keys may draw.
  open() {
    this.view = new View(this.picture, this.#size());
    this.draw();
  }

  close() {
    this.view = null;
    this.picture = null;
    this.overlay.replaceChildren();
  }

  draw() {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      if (!this.view) return;
      const { scale, x, y } = this.view;
      this.layer.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
      this.layer.classList.toggle("is-near", scale >= 3);
      this.paint();
    });
  }

  zoomIn() {
    this.#change((view) => view.zoom(ZOOM_STEP));
  }

  zoomOut() {
    this.#change((view) => view.zoom(1 / ZOOM_STEP));
  }

  fit() {
    this.#change((view) => view.fit());
  }

  show(point) {
    this.#change((view) => view.show(point));
  }

  panBy(columns, rows) {
    this.#change((view) => view.pan(columns * PAN_STEP, rows * PAN_STEP));
  }

  #change(act) {
    if (!this.view) return;
    act(this.view);
    this.draw();
  }

  #size() {
    return { width: this.element.clientWidth || 1, height: this.element.clientHeight || 1 };
  }

  #listen() {
    const { element } = this;
    new ResizeObserver(() => this.#change((view) => view.resize(this.#size()))).observe(element);
    element.addEventListener("pointerdown", (event) => this.#down(event));
    element.addEventListener("pointermove", (event) => this.#move(event));
    element.addEventListener("pointerup", (event) => this.#up(event));
    element.addEventListener("pointercancel", (event) => this.#up(event, { cancelled: true }));
    element.addEventListener("pointerleave", () => this.hand.hover(null));
    element.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    element.addEventListener("dragstart", (event) => event.preventDefault());
    element.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  #down(event) {
    if (!this.view || event.button > 1) return;
    this.element.focus({ preventScroll: true }); // keys work where the last press was
    this.element.setPointerCapture(event.pointerId);
    const at = this.#placeOf(event);
    this.#pointers.set(event.pointerId, at);
    if (this.#pointers.size === 2) return this.#startPinch();
    if (this.#pointers.size > 2 || this.#pinch) return;
    const pans = this.panning || event.button === 1;
    this.#busy = { id: event.pointerId, last: at, pans };
    if (!pans && this.hand.press(this.view.toPicture(at), this.#facts(event)) === "pan") this.#busy.pans = true;
    event.preventDefault();
  }

  #move(event) {
    if (!this.view) return;
    const at = this.#placeOf(event);
    if (!this.#pointers.has(event.pointerId)) return this.hand.hover(this.view.toPicture(at));
    this.#pointers.set(event.pointerId, at);
    if (this.#pinch) return this.#movePinch();
    if (this.#busy?.id !== event.pointerId) return;
    const { last, pans } = this.#busy;
    this.#busy.last = at;
    if (pans) this.#change((view) => view.pan(at.x - last.x, at.y - last.y));
    else this.hand.drag(this.view.toPicture(at), this.#facts(event));
  }

  #up(event, { cancelled = false } = {}) {
    if (!this.#pointers.delete(event.pointerId)) return;
    if (this.#pointers.size === 0) this.#pinch = null;
    if (this.#busy?.id !== event.pointerId) return;
    const { pans } = this.#busy;
    this.#busy = null;
    if (pans || !this.view) return;
    if (cancelled) this.hand.abandon();
    else this.hand.release(this.view.toPicture(this.#placeOf(event)), this.#facts(event));
  }

  #startPinch() {
    if (this.#busy && !this.#busy.pans) this.hand.abandon();
    this.#busy = null;
    this.#pinch = this.#grip();
  }

  #movePinch() {
    if (this.#pointers.size < 2) return;
    const before = this.#pinch;
    const now = this.#grip();
    this.#pinch = now;
    this.#change((view) => {
      view.pan(now.at.x - before.at.x, now.at.y - before.at.y);
      view.zoom(now.width / before.width, now.at);
    });
  }

  // The middle of two fingers and how far they are apart.
  #grip() {
    const [a, b] = [...this.#pointers.values()];
    return { at: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, width: Math.max(Math.hypot(a.x - b.x, a.y - b.y), 1) };
  }

  #wheel(event) {
    // Without a key the wheel scrolls the page, as everywhere; trackpads send their pinch with ctrlKey.
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.#change((view) => view.zoom(Math.exp(-event.deltaY / 300), this.#placeOf(event)));
  }

  #placeOf(event) {
    const box = this.element.getBoundingClientRect();
    return { x: event.clientX - box.left - this.element.clientLeft, y: event.clientY - box.top - this.element.clientTop };
  }

  #facts(event) {
    return { reach: (REACH[event.pointerType] ?? REACH.mouse) / this.view.scale };
  }
}
