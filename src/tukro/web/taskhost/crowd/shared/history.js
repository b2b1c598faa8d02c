// Undo and redo over states that are never changed in place: each step is a whole state.

const MOST_STEPS = 200;

class History {
  #done = [];
  #undone = [];

  constructor(state) {
    this.state = state;
  }

  get canUndo() {
    return this.#done.length > 0;
  }

  get canRedo() {
    return this.#undone.length > 0;
  }

  // A new state; what had been undone is forgotten.
  push(state) {
    this.#done.push(this.state);
    if (this.#done.length > MOST_STEPS) this.#done.shift();
    this.#undone = [];
    this.state = state;
  }

  undo() {
    if (!this.canUndo) return false;
    this.#undone.push(this.state);
    this.state = this.#done.pop();
    return true;
  }

  redo() {
    if (!this.canRedo) return false;
    this.#done.push(this.state);
    this.state = this.#undone.pop();
    return true;
  }
}
