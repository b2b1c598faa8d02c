// Needs: shared/classifier.js shared/picture.js
// crowd-rekognition-detect-moderation-labels: which of a machine's labels of a picture are right.

class CrowdModerationLabels extends MultiClassifier {
  static takes = { ...MultiClassifier.takes, src: "text" };
  static regions = AnnotationElement.regions;
  static style = `${Classifier.style} ${PICTURE_STYLE} .choice:has(:disabled) { color: var(--muted); background: var(--sunken); cursor: not-allowed; }`;
  static ownName = "AWS/Rekognition/DetectModerationLabels/Image/V3";

  #view = new PictureView();

  buildTarget(workplace) {
    workplace.append(this.#view.parts);
  }

  update(name) {
    super.update(name);
    if (name === "src") this.#view.show(this.take("src"), null);
  }

  // There is always a way to say that none fits.
  get exclusion() {
    const given = super.exclusion;
    return given.length ? given : [words.none_of_these];
  }

  // While none fits, there is nothing else to choose.
  picked(box) {
    if (!this.exclusion.includes(box.value)) return;
    if (box.checked) this.choose([box.value]);
    for (const other of this.choices.querySelectorAll("input")) other.disabled = box.checked && other !== box;
  }

  // Categories that came as objects go back as these objects.
  get answer() {
    const given = this.take("categories");
    const whole = (Array.isArray(given) ? given : []).map((one, at) => [this.categories[at], one]);
    const chosen = this.chosen;
    return { ModerationLabels: whole.filter(([name]) => chosen.includes(name)).map(([, one]) => one) };
  }

  restore(answer) {
    const labels = isObject(answer) && Array.isArray(answer.ModerationLabels) ? answer.ModerationLabels : [];
    this.choose(labels.map((one) => (isObject(one) ? one.name : one)));
  }

  get problem() {
    return this.chosen.length ? "" : words.choose_some;
  }
}

define("crowd-rekognition-detect-moderation-labels", CrowdModerationLabels);
