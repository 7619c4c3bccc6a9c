// Who still takes part: one button for all that have no answer yet, and how many have one.
const form = document.querySelector(".still");
if (form) {
  const picks = [...form.querySelectorAll("select")];
  const button = form.querySelector("button[hidden]");
  const box = form.querySelector("[name=others]");
  const count = form.querySelector("output");

  const update = () => {
    count.textContent = count.dataset.count.replace("{n}", picks.filter((p) => p.value).length);
  };

  const rest = () => {
    for (const pick of picks) pick.value ||= button.value;
    update();
  };

  if (box.checked) rest(); // ticked before this script was there
  box.checked = false; // the button does the same, and shows what it does
  box.closest("label").hidden = true;
  button.hidden = false;
  button.addEventListener("click", rest);
  form.addEventListener("input", update);
  addEventListener("pageshow", update);
  document.querySelector(".summary")?.focus();
}
