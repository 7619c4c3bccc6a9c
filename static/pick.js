// A list of people: search while typing, a card's code, all that are shown, the same as last time.
const form = document.querySelector("form[data-form]");
const plain = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/ł/g, "l").replace(/ı/g, "i");
const simple = (text) => plain(text).replace(/[^\p{L}\p{N}]+/gu, " ").trim();
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name]);

/** What is filled in at a question of the form's key. */
const answer = (name) => {
  const given = new FormData(form);
  return (given.get(name) === "other" ? given.get(`${name}.other`) : given.get(name)) || "";
};

for (const list of document.querySelectorAll(".pick")) {
  const finder = list.querySelector(".finder");
  if (!finder) continue;
  const search = finder.querySelector("input");
  const count = finder.querySelector("output");
  const status = finder.querySelector("[role=status]");
  const none = list.querySelector("[data-none]");
  const all = list.querySelector("[data-all]");
  const same = list.querySelector("[data-same]");
  const rows = [...list.querySelectorAll(".choice")].map((row) => ({
    row,
    box: row.querySelector("input"),
    name: row.textContent.trim(),
    text: simple(row.textContent),
  }));
  const few = rows.length < 8;
  const offered = () => rows.filter(({ row }) => !row.hidden);
  const shown = () => offered().filter(({ row }) => !row.classList.contains("away"));
  const one = (some) => some.length === 1 && some[0];
  const code = () => search.value.trim().replace(/^.*\/p\//i, "").replace(/[\s-]/g, "").toUpperCase();

  const update = () => {
    const address = /\/p\//i.test(search.value);
    const words = simple(address ? code() : search.value).split(" ");
    const found = (before) =>
      rows.filter(({ text }) => words.every((word) => ` ${text}`.includes(before + word)));
    const starting = found(" ");
    const fitting = new Set(starting.length ? starting : found(""));
    for (const each of rows) each.row.classList.toggle("away", !fitting.has(each));
    const now = shown();
    none.hidden = now.length > 0;
    for (const part of list.querySelectorAll("[role=group]")) {
      part.classList.toggle("away", !now.some(({ row }) => part.contains(row)));
    }
    if (!count) return;
    const ticked = offered().filter(({ box }) => box.checked).length;
    count.textContent = fill(count.dataset.count, { n: ticked });
    all.hidden = few || now.length < 2;
    const off = now.every(({ box }) => box.checked);
    all.textContent = fill(off ? all.dataset.off : all.dataset.all, { n: now.length });
  };

  /** Ticks or unticks, and tells the rest of the form. */
  const tick = (some, on) => {
    for (const { box } of some) box.checked = on;
    if (some.length) some[0].box.dispatchEvent(new Event("input", { bubbles: true }));
  };

  finder.hidden = few && !same;
  for (const part of finder.querySelectorAll("label, input")) part.hidden = few;
  search.addEventListener("focus", () => search.select());
  search.addEventListener("input", () => {
    if (list.getBoundingClientRect().top < 0) list.scrollIntoView();
  });
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (!search.value.trim()) return;
    const name = simple(search.value);
    const who = offered().find(({ box }) => box.value === code())
      || one(shown().filter(({ text, box }) => text === `${name} ${plain(box.value)}`))
      || one(shown());
    if (who) {
      search.value = "";
      tick([who], true);
      status.textContent = fill(finder.dataset.picked, { who: who.name });
    } else if (/\/p\//i.test(search.value) || /^[2-9CFGHJKMNPQRTVWX]{4,6}$/.test(code())) {
      status.textContent = finder.dataset.unknown;
      search.select();
    }
    update();
  });
  if (all) {
    all.addEventListener("click", () => {
      const now = shown();
      tick(now, !now.every(({ box }) => box.checked));
    });
  }
  if (same) {
    const [[day, ...others], ...crews] = JSON.parse(same.dataset.same);
    same.hidden = false;
    same.addEventListener("click", () => {
      const rest = others.map(answer).join(" ");
      const before = crews.filter(([date]) => date < answer(day));
      const alike = (crew) => crew[1] === rest;
      const [date, , ...codes] =
        before.find(alike) || before[0] || crews.find(alike) || crews[0];
      tick(offered().filter(({ box }) => codes.includes(box.value)), true);
      const words = { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" };
      const said = new Date(date).toLocaleDateString(document.documentElement.lang, words);
      status.textContent = fill(same.dataset.ticked, { day: said });
    });
  }
  list.addEventListener("input", () => {
    status.textContent = "";
    update();
  });
  list.addEventListener("filled", update);
  addEventListener("pageshow", update);
  update();
}
