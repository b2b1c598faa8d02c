// How many characters are left of a text, once few are. The number is seen at once and heard after a pause, so that
// nobody is read to at each letter. Without this script the limit stands below the field.

const PAUSE = 1000;

for (const shown of document.querySelectorAll("[data-limit-of]")) {
  const control = document.getElementById(shown.dataset.limitOf);
  if (control) watch(control, shown, shown.nextElementSibling);
}

function watch(control, shown, heard) {
  const longest = Number(shown.dataset.longest);
  const near = Math.max(10, longest / 5);
  let timer = 0;
  const tell = () => {
    const left = longest - length(control.value);
    const words = left > near || control.value === "" ? "" : sentence(left, shown.dataset);
    shown.textContent = words;
    shown.hidden = words === "";
    shown.classList.toggle("error", left < 0);
    clearTimeout(timer);
    timer = setTimeout(() => (heard.textContent = words), PAUSE);
  };
  control.addEventListener("input", tell);
  tell();
}

// As the server counts: letters and not the halves that some are stored in, without the space around.
function length(text) {
  return [...text.trim()].length;
}

function sentence(left, { left: few, over, digits }) {
  const number = String(Math.abs(left)).replace(/[0-9]/g, (digit) => digits[digit]);
  return (left < 0 ? over : few).replace("{count}", number);
}
