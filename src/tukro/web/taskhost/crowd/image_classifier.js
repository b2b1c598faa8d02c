// Needs: shared/classifier.js shared/picture.js
// crowd-image-classifier and crowd-image-classifier-multi-select: what is on a picture.

const COMMENT_STYLE = `
  .comment { margin-block-start: 1rem; }
  .comment textarea {
    display: block; inline-size: 100%; min-block-size: 5rem; padding: .5rem .75rem; color: var(--ink); background: var(--paper);
    border: 1px solid var(--edge); border-radius: var(--round);
  }
`;

class CrowdImageClassifier extends Classifier {
  static takes = { ...Classifier.takes, src: "text", overlay: "data" };
  static regions = [...AnnotationElement.regions, "worker-comment"];
  static style = `${Classifier.style} ${PICTURE_STYLE} ${COMMENT_STYLE}`;

  #view = new PictureView();
  #comment = make("textarea", { "aria-label": words.comment });
  #commentPlace = make("details", { class: "comment", hidden: true });
  #commentTitle = make("summary", {}, words.add_comment);

  build() {
    super.build();
    this.#commentPlace.append(this.#commentTitle, make("slot", { name: "worker-comment" }), this.#comment);
    this.workplace.append(this.#commentPlace);
    this.#comment.addEventListener("input", (event) => {
      event.stopPropagation();
      this.changed();
    });
  }

  buildTarget(workplace) {
    workplace.append(this.#view.parts);
  }

  update(name) {
    super.update(name);
    if (name === "src" || name === "overlay") this.#view.show(this.take("src"), this.take("overlay"));
  }

  // A place for remarks, where the page asks for them.
  arrived() {
    super.arrived();
    const asked = this.region("worker-comment");
    this.#commentPlace.hidden = !asked;
    if (!asked) return;
    this.#commentTitle.textContent = asked.getAttribute("link-text") || words.add_comment;
    this.#comment.placeholder = asked.getAttribute("placeholder") ?? "";
    this.#comment.setAttribute("aria-label", asked.getAttribute("header") || words.comment);
  }

  get answer() {
    const [label] = this.chosen;
    if (label === undefined) return undefined;
    const workerComment = this.#comment.value.trim();
    return workerComment ? { label, workerComment } : { label };
  }

  restore(answer) {
    super.restore(answer);
    this.#comment.value = isObject(answer) ? (answer.workerComment ?? "") : "";
  }
}

define("crowd-image-classifier", CrowdImageClassifier);

class CrowdImageClassifierMultiSelect extends MultiClassifier {
  static takes = { ...MultiClassifier.takes, src: "text" };
  static regions = AnnotationElement.regions;
  static style = `${Classifier.style} ${PICTURE_STYLE}`;

  #view = new PictureView();

  buildTarget(workplace) {
    workplace.append(this.#view.parts);
  }

  update(name) {
    super.update(name);
    if (name === "src") this.#view.show(this.take("src"), null);
  }

  get problem() {
    return this.chosen.length ? "" : words.choose_some;
  }
}

define("crowd-image-classifier-multi-select", CrowdImageClassifierMultiSelect);
