// A list of names: how many have a tick, and room for ticks only when they matter.
const list = document.querySelector(".crowd");
const count = list.querySelector("output");

function update() {
  if (!count) return;
  count.textContent = count.dataset.count.replace("{n}", list.querySelectorAll(":checked").length);
}

list.addEventListener("input", update);
addEventListener("pageshow", update);
