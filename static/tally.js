// Counts visitors at the door: each tap is on the disk before it is shown.
import { day, listed } from "./days.js";
import { evaluate, toText } from "./expression.js";
import { draft, identity, run, sketch, TALLIES } from "./store.js";

const MINUTE = 60_000; // ms; how often is looked whether another daypart began
const LIGHTLY = 20; // ms
const box = document.querySelector(".tally");
const part = (name) => box.querySelector(`[data-${name}]`);
const { place, path } = box.dataset;
const labels = JSON.parse(box.dataset.parts);
const rule = JSON.parse(box.dataset.daypart);
const { stay } = document.querySelector(".waiting").dataset;
let tally;
let others = [];

/** The day and daypart it is now, by the rule of the form. */
function moment() {
  const ahead = -new Date().getTimezoneOffset();
  const local = new Date(Date.now() + ahead * MINUTE).toISOString().slice(0, -1);
  const zone = new Date(Math.abs(ahead) * MINUTE).toISOString().slice(11, 16);
  const now = `${local}${ahead < 0 ? "-" : "+"}${zone}`;
  const scope = { values: {}, now, current: "", last_saved: {}, columns: {} };
  return { date: local.slice(0, 10), daypart: toText(evaluate(rule, scope)) };
}

const key = ({ date, daypart }) => `${date} ${daypart}`;
const when = ({ date, daypart }) =>
  listed([day(`${date}T12:00`), labels[daypart].toLocaleLowerCase(document.documentElement.lang)]);
const blank = () =>
  ({ id: identity(), place, ...moment(), count: 0, begun: new Date().toISOString() });

/** What `work` gives of all tallies of this place, oldest first, in one transaction. */
const among = (mode, work) => run(mode, (records, drafts, facts, give) => {
  const asked = facts.getAll(TALLIES);
  asked.onsuccess = () => give(work(
    asked.result.filter((each) => each.place === place)
      .sort((a, b) => a.begun.localeCompare(b.begun)),
    (one) => facts.put(one, `tally ${one.id}`),
  ));
});

/** Keeps a change of `one`, once however often it is tried; a saved tally is not changed again. */
const alter = (one, change) => {
  const tap = identity();
  return among("readwrite", (all, put) => {
    const now = all.find(({ id }) => id === one.id)
      || all.find((each) => key(each) === key(one)) || (one.tap ? blank() : one);
    if (now.tap === tap) return now;
    const next = { ...now, ...change(now), tap };
    put(next);
    return next;
  });
};

function show() {
  const now = moment();
  part("about").textContent = when(tally);
  const number = box.querySelector("output b");
  if (number.textContent !== String(tally.count)) number.textContent = tally.count;
  const ask = !tally.count || [key(tally), tally.on].includes(key(now));
  if (part("ask").hidden !== ask) {
    const said = part("of");
    said.textContent = said.dataset.of.replace("{when}", when(tally));
    part("ask").hidden = ask;
  }
  part("others").hidden = !others.length;
  part("others").querySelector("ul").replaceChildren(...others.map((one) => {
    const item = document.getElementById("other").content.cloneNode(true);
    item.querySelector("span").textContent = `${when(one)}: ${one.count}`;
    item.querySelector("button").addEventListener("click", () => tried(() => save(one)));
    return item;
  }));
  box.hidden = false;
}

/** What this phone keeps: the last tally goes on, others wait until they are saved. */
async function open() {
  const all = (await among("readonly", (found) => found)).filter(({ count }) => count);
  const same = all.find(({ id }) => id === tally?.id) || tally && !tally.count && tally;
  tally = same || all.at(-1) || blank();
  if (!tally.count) Object.assign(tally, moment());
  others = all.filter(({ id }) => id !== tally.id);
  show();
}

/** Puts the number in the form of visitors, which forgets the tally once it is saved itself. */
async function save({ id, date, daypart, tap }) {
  const kept = (await among("readonly", (all) => all)).find((each) => each.id === id);
  if (!kept && tap) return open(); // it was saved on another page
  const query = new URLSearchParams({ date, daypart });
  const name = `${place} ${path}?${query}`;
  const before = await draft(name) || { "page.part": [] };
  const about = { instanceID: [id], date: [date], daypart: [daypart] };
  if (kept) await sketch(name, { ...before, ...about, visitors: [String(kept.count)] });
  location.assign(`${path}?${query}${stay ? `&${stay}` : ""}`);
}

/** One thing after the other; what did not work is said. */
let turn = Promise.resolve();
function tried(work) {
  const lost = part("lost");
  turn = turn.then(work).then(() => {
    lost.hidden = true;
    lost.textContent = "";
  }, (problem) => {
    lost.hidden = false;
    lost.textContent = lost.dataset.lost;
    const detail = { kind: "save", name: problem?.name };
    document.dispatchEvent(new CustomEvent("trouble", { detail }));
  });
}

for (const button of box.querySelectorAll("button[value]")) {
  button.addEventListener("click", () => tried(async () => {
    const step = Number(button.value);
    tally = await alter(tally, ({ count }) => ({ count: Math.max(0, count + step) }));
    navigator.vibrate?.(LIGHTLY);
    show();
    navigator.storage?.persist?.();
  }));
}

part("on").addEventListener("click", () => tried(async () => {
  tally = await alter(tally, () => ({ on: key(moment()) }));
  show();
  box.querySelector(".more").focus();
}));

part("new").addEventListener("click", () => tried(() => {
  others.push(tally);
  tally = blank();
  show();
  box.querySelector(".more").focus();
}));

part("save").addEventListener("click", () => tried(() => save(tally)));

const again = () => tried(() => open().catch(() => {
  tally ||= blank(); // a phone that keeps nothing says so at the first tap
  show();
}));
again();
setInterval(() => tried(show), MINUTE);
document.addEventListener("visibilitychange", () => document.hidden || again());
addEventListener("pageshow", ({ persisted }) => persisted && again());
