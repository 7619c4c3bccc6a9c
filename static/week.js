// Mijn week: arrow keys as in a spreadsheet, a day that opens when people came, and the total.
// Without it every cell can be filled in and sent; the server checks.
const form = document.querySelector("form[data-week]");
const NUMBER = ".part [type=text]";
const lines = [...form.querySelectorAll("tbody")]
  .map((day) => [...day.querySelectorAll(NUMBER)])
  .filter((line) => line.length);
const total = form.querySelector(".total");

const summary = document.querySelector(".summary");
if (summary) {
  requestAnimationFrame(() => summary.focus());
  summary.addEventListener("click", (event) => {
    const field = event.target.hash && document.getElementById(event.target.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.focus();
  });
}

/** The cell that a key leads to from a cell; nothing when the key is for the text in it. */
function next(field, key) {
  const row = lines.findIndex((line) => line.includes(field));
  const column = lines[row].indexOf(field);
  const { selectionStart: start, selectionEnd: end, value } = field;
  const all = start === 0 && end === value.length;
  const back = document.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
  if (key === "ArrowUp") return lines[row - 1]?.[column];
  if (key === "ArrowDown" || key === "Enter") return lines[row + 1]?.[column];
  if (key === back) return (all || end === 0) && lines[row][column - 1];
  return (all || start === value.length) && lines[row][column + 1];
}

/** Whoever counts people was open: says so at the day, until the person says otherwise. */
function open(day) {
  const choice = day.querySelector("select");
  const came = [...day.querySelectorAll("input")].some(
    (field) => field.checked || (field.type === "text" && field.value.trim()),
  );
  if (came && !choice.value && choice.querySelector("[value=yes]")) {
    choice.value = "yes";
    choice.dataset.jumped = "";
  } else if (!came && "jumped" in choice.dataset) {
    choice.value = "";
    delete choice.dataset.jumped;
  }
}

function count() {
  if (!total) return;
  total.hidden = false;
  const numbers = lines.flat().map((field) => field.value.trim());
  const good = numbers.filter((text) => /^\d{1,4}$/.test(text));
  total.querySelector("output").value = good.reduce((sum, text) => sum + Number(text), 0);
}

form.addEventListener("keydown", (event) => {
  const plain = !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey);
  if (!plain || !/^(Arrow(Up|Down|Left|Right)|Enter)$/.test(event.key)) return;
  if (!event.target.matches(NUMBER)) return;
  const other = next(event.target, event.key);
  if (other || /Up|Down|Enter/.test(event.key)) event.preventDefault();
  if (other) other.focus();
});
form.addEventListener("focusin", (event) => {
  if (event.target.matches(NUMBER)) event.target.select();
});
form.addEventListener("input", (event) => {
  if (event.target.matches("select")) delete event.target.dataset.jumped;
  else if (event.target.closest("tbody")) open(event.target.closest("tbody"));
  count();
});
form.addEventListener("restored", count);
addEventListener("pageshow", count);
