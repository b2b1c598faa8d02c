// Needs: shared/shape-element.js
// The five elements that draw shapes on a picture.

define("crowd-bounding-box", class extends ShapeElement {
  static kind = BOX;
});

define("crowd-keypoint", class extends ShapeElement {
  static kind = KEYPOINT;
});

define("crowd-polygon", class extends ShapeElement {
  static kind = POLYGON;
});

define("crowd-line", class extends ShapeElement {
  static kind = LINE;
});

define("crowd-polyline", class extends ShapeElement {
  static kind = POLYLINE;
});
