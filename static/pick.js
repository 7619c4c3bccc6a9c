// A list of people: search while typing; who is ticked stays in sight and is counted.
const plain = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/ł/g, "l").replace(/ı/g, "i");

for (const list of document.querySelectorAll(".pick")) {
  const finder = list.querySelector(".finder");
  const search = finder.querySelector("input");
  const count = finder.querySelector("output");
  const none = list.querySelector("[data-none]");
  const rows = [...list.querySelectorAll(".choice")];

  const update = () => {
    const words = plain(search.value).split(/\s+/);
    let shown = 0;
    let ticked = 0;
    for (const row of rows) {
      const { checked } = row.querySelector("input");
      const found = words.every((word) => plain(row.textContent).includes(word));
      row.classList.toggle("away", !found && !checked);
      ticked += checked;
      shown += found;
    }
    none.hidden = shown > 0;
    count.textContent = count.dataset.count.replace("{n}", ticked);
  };

  finder.hidden = rows.length < 8;
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  list.addEventListener("input", update);
  list.addEventListener("filled", update);
  addEventListener("pageshow", update);
  update();
}
