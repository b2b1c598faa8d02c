// Needs: shared/geometry.js
// Where the picture stands on its stage: a scale and a shift, between pixels of the picture and of the screen.

const CLOSEST = 40; // screen pixels for one pixel of the picture
const KEPT_IN_SIGHT = 48; // so that a picture is never pushed off its stage

class View {
  scale = 1;
  x = 0;
  y = 0;

  // `picture` and `stage` are sizes {width, height}.
  constructor(picture, stage) {
    this.picture = picture;
    this.stage = stage;
    this.fit();
  }

  get fitting() {
    const { picture, stage } = this;
    return Math.min(stage.width / picture.width, stage.height / picture.height);
  }

  get percent() {
    return Math.round((100 * this.scale) / this.fitting);
  }

  fit() {
    this.scale = this.fitting;
    this.x = (this.stage.width - this.picture.width * this.scale) / 2;
    this.y = (this.stage.height - this.picture.height * this.scale) / 2;
  }

  // A stage of another size; what lay in its middle stays there.
  resize(stage) {
    const fitted = Math.abs(this.scale - this.fitting) < 1e-9;
    const centre = this.toPicture({ x: this.stage.width / 2, y: this.stage.height / 2 });
    this.stage = stage;
    if (fitted) this.fit();
    else this.centreOn(centre);
  }

  toScreen({ x, y }) {
    return { x: x * this.scale + this.x, y: y * this.scale + this.y };
  }

  toPicture({ x, y }) {
    return { x: (x - this.x) / this.scale, y: (y - this.y) / this.scale };
  }

  // Scale by `factor`; the place under `at` (on the screen) stays under it.
  zoom(factor, at = { x: this.stage.width / 2, y: this.stage.height / 2 }) {
    const fixed = this.toPicture(at);
    const least = Math.min(this.fitting, 1) / 2;
    this.scale = clamp(this.scale * factor, least, Math.max(CLOSEST, this.fitting));
    this.x = at.x - fixed.x * this.scale;
    this.y = at.y - fixed.y * this.scale;
    this.#keepInSight();
  }

  pan(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.#keepInSight();
  }

  centreOn(point) {
    this.x = this.stage.width / 2 - point.x * this.scale;
    this.y = this.stage.height / 2 - point.y * this.scale;
    this.#keepInSight();
  }

  // Pan so that a point of the picture can be seen, with a margin.
  show(point, margin = 24) {
    const { x, y } = this.toScreen(point);
    const { width, height } = this.stage;
    if (x < margin || x > width - margin || y < margin || y > height - margin) this.centreOn(point);
  }

  #keepInSight() {
    const { picture, stage, scale } = this;
    this.x = clamp(this.x, KEPT_IN_SIGHT - picture.width * scale, stage.width - KEPT_IN_SIGHT);
    this.y = clamp(this.y, KEPT_IN_SIGHT - picture.height * scale, stage.height - KEPT_IN_SIGHT);
  }
}
