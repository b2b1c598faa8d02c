// Needs: shared/classifier.js
// crowd-classifier and crowd-classifier-multi-select: one category, or several, for any HTML.

define("crowd-classifier", class extends Classifier {});

define("crowd-classifier-multi-select", class extends MultiClassifier {});
