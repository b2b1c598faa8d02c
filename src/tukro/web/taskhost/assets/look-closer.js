// Inside the page of what was drawn: looks closer, moves the picture, and shows which mark is meant.
(() => {
  const MOST = 16; // times as large as the whole
  const STEP = 1.5;

  for (const drawing of document.querySelectorAll("[data-drawing]")) {
    const sheet = drawing.querySelector("svg.sheet");
    tellMissing(drawing, sheet);
    pointOut(drawing);
    chooseLabels(drawing, sheet);
    if (drawing.querySelector(".tools")) lookCloser(drawing, sheet);
  }

  function tellMissing(drawing, sheet) {
    const picture = sheet.querySelector("image:not(.painted)");
    picture?.addEventListener("error", () => { drawing.querySelector(".gone").hidden = false; });
  }

  // Pointing at a mark, or at its line in the list, lifts both.
  function pointOut(drawing) {
    for (const line of drawing.querySelectorAll("li[data-mark]")) line.tabIndex = 0;
    const mean = (target) => {
      const no = target?.closest?.("[data-mark]")?.dataset.mark;
      for (const one of drawing.querySelectorAll("[data-mark]")) one.classList.toggle("is-meant", one.dataset.mark === no);
    };
    for (const kind of ["pointerover", "focusin"]) drawing.addEventListener(kind, (event) => mean(event.target));
    drawing.addEventListener("pointerleave", () => mean(document.activeElement));
  }

  function chooseLabels(drawing, sheet) {
    const boxes = [...drawing.querySelectorAll(".legend input")];
    if (boxes.length < 2 || !sheet.querySelector("[data-mark]")) return;
    for (const box of boxes) box.hidden = false;
    drawing.addEventListener("change", () => {
      const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
      for (const mark of sheet.querySelectorAll("[data-mark]")) mark.classList.toggle("is-off", !wanted.has(mark.dataset.label));
    });
  }

  function lookCloser(drawing, sheet) {
    const whole = sheet.viewBox.baseVal;
    const { width, height } = whole;
    let view = { x: 0, y: 0, times: 1 };
    const tools = drawing.querySelector(".tools");
    const button = (name) => tools.querySelector(`[data-zoom="${name}"]`);

    const show = (x, y, times) => {
      const near = Math.min(Math.max(times, 1), MOST);
      const within = (at, side) => Math.min(Math.max(at, 0), side - side / near);
      view = { x: within(x, width), y: within(y, height), times: near };
      sheet.setAttribute("viewBox", `${view.x} ${view.y} ${width / near} ${height / near}`);
      sheet.classList.toggle("is-near", near > 1);
      button("in").disabled = near === MOST;
      button("out").disabled = button("whole").disabled = near === 1;
    };
    // The point `at` of the picture stays where it is on the screen.
    const zoom = (factor, at = { x: view.x + width / view.times / 2, y: view.y + height / view.times / 2 }) => {
      const times = Math.min(Math.max(view.times * factor, 1), MOST);
      const share = view.times / times;
      show(at.x - (at.x - view.x) * share, at.y - (at.y - view.y) * share, times);
    };
    const placeOf = ({ clientX, clientY }) => new DOMPoint(clientX, clientY).matrixTransform(sheet.getScreenCTM().inverse());
    const acts = { in: () => zoom(STEP), out: () => zoom(1 / STEP), whole: () => show(0, 0, 1) };
    const move = (x, y) => show(view.x + (x * width) / view.times / 8, view.y + (y * height) / view.times / 8, view.times);
    const keys = {
      "+": acts.in, "=": acts.in, "-": acts.out, "0": acts.whole,
      ArrowLeft: () => move(-1, 0), ArrowRight: () => move(1, 0), ArrowUp: () => move(0, -1), ArrowDown: () => move(0, 1),
    };

    tools.hidden = false;
    show(0, 0, 1);
    tools.addEventListener("click", ({ target }) => acts[target.dataset.zoom]?.());
    tools.querySelector("[data-bare]").addEventListener("click", ({ target }) => {
      const bare = sheet.classList.toggle("is-bare");
      target.setAttribute("aria-pressed", String(bare));
    });
    sheet.setAttribute("tabindex", "0");
    sheet.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
      event.preventDefault();
      keys[event.key]();
    });
    sheet.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return; // the wheel alone scrolls the page; a pinch comes as Ctrl and the wheel
      event.preventDefault();
      zoom(event.deltaY < 0 ? STEP : 1 / STEP, placeOf(event));
    }, { passive: false });
    sheet.addEventListener("dblclick", (event) => zoom(STEP, placeOf(event)));
    sheet.addEventListener("pointerdown", (event) => {
      if (view.times === 1) return;
      const from = placeOf(event);
      sheet.setPointerCapture(event.pointerId);
      const drag = (moved) => {
        const now = placeOf(moved);
        show(view.x + from.x - now.x, view.y + from.y - now.y, view.times);
      };
      sheet.addEventListener("pointermove", drag);
      sheet.addEventListener("lostpointercapture", () => sheet.removeEventListener("pointermove", drag), { once: true });
    });
  }
})();
