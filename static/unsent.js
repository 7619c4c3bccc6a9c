// What this phone did not send yet: its state and why, to change, to send again, to share.
import { day, listed } from "./days.js";
import { envelope, send } from "./send.js";
import { alter, fact, note, waiting } from "./store.js";

const page = document.getElementById("unsent");
const { name, places, stay = "" } = document.querySelector(".waiting").dataset;
const own = (places || "").split(" ").filter(Boolean);
const language = document.documentElement.lang;
const time = (moment) =>
  new Date(moment).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** "Gisteren, Ochtend", of "Vandaag 14:32" when a record is about no day. */
function when({ about, made_at }) {
  const [date, label] = [about?.day, about?.label];
  const shown = /^\d{4}-\d\d-\d\d$/.test(date) ? day(`${date}T12:00`) : `${day(made_at)} ${time(made_at)}`;
  return listed([capital(shown), label]);
}

/** An answer as it stands with us now. */
function pair([label, value]) {
  const line = document.createElement("div");
  for (const [tag, text] of [["dt", label], ["dd", value]]) {
    line.appendChild(document.createElement(tag)).textContent = text;
  }
  return line;
}

function draw(record) {
  const row = document.getElementById("record").content.cloneNode(true).firstElementChild;
  const one = (what) => row.querySelector(`[data-${what}]`);
  row.dataset.key = record.key;
  const state = record.state || "waiting";
  one("title").textContent = record.title;
  one("about").textContent = [when(record), record.placeName].filter(Boolean).join(" · ");
  one("reason").textContent = record.reason || "";
  for (const line of row.querySelectorAll("[data-state]")) {
    line.hidden = line.dataset.state !== state;
    const last = line.lastChild;
    last.textContent = last.textContent.replace("{place}", record.placeName);
  }
  one("now").hidden = !record.now?.length;
  row.querySelector("dl").append(...(record.now || []).map(pair));
  const query = new URLSearchParams(stay);
  query.set("unsent", record.key);
  one("edit").href = `${record.path}${record.path.includes("?") ? "&" : "?"}${query}`;
  one("edit").hidden = !own.includes(record.place);
  one("again").hidden = state !== "attention";
  one("again").addEventListener("click", () => attempt(record.key));
  one("discard").addEventListener("click", () => discard(record));
  if (one("move")) {
    one("move").hidden = state !== "place";
    one("move").addEventListener("click", async () => {
      const [place] = stay ? [stay.split("=")[1]] : own;
      await alter(record, (now) => ({ ...now, place, placeName: name, state: undefined }));
      attempt(record.key);
    });
  }
  return row;
}

async function discard(record) {
  await alter(record, () => null);
  await note("thrown", [...(await fact("thrown") || []), record.number]);
  await show();
  await send();
}

async function show() {
  const all = await waiting();
  const sent = await fact("sent") || [];
  for (const part of page.querySelectorAll("[data-some]")) part.hidden = !all.length;
  page.querySelector("[data-none]").hidden = all.length > 0;
  page.querySelector("[data-unpaired]").hidden = own.length > 0 || !all.length;
  const unfolded = [...page.querySelectorAll("li:has(details[open])")].map((row) => row.dataset.key);
  page.querySelector("ul").replaceChildren(...all.map(draw));
  for (const row of page.querySelectorAll("li[data-key]")) { // what somebody opened stays open
    if (unfolded.includes(row.dataset.key)) row.querySelector("details").open = true;
  }
  const list = page.querySelector("[data-sent]");
  list.hidden = !sent.length;
  list.querySelector("ul").replaceChildren(...sent.map(({ title, about, at, url }) => {
    const row = document.getElementById("gone").content.cloneNode(true).firstElementChild;
    if (url) row.firstElementChild.href = url;
    row.querySelector("[data-title]").textContent = title;
    const told = [about?.label, `${capital(day(at))} ${time(at)}`];
    row.querySelector("[data-about]").textContent = told.filter(Boolean).join(" · ");
    return row;
  }));
  page.hidden = false;
}

async function attempt(first) {
  const said = page.querySelector("[data-result]");
  said.textContent = "";
  await send(first || "none");
  await show();
  const all = await waiting();
  said.textContent = all.length ? said.dataset.bad : said.dataset.well;
}

/** All that waits as a file, which the office can take in. */
async function share() {
  const all = await waiting();
  const records = await Promise.all(all.map(envelope));
  const text = JSON.stringify({ fieldapp: 1, records });
  const title = `fieldapp-${all[0].place}-${new Date().toISOString().slice(0, 10)}.json`;
  const file = new File([text], title, { type: "application/json" });
  if (navigator.canShare?.({ files: [file] })) {
    await navigator.share({ files: [file], title }).catch(() => {}); // who closes it shares nothing
    return;
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = title;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

page.querySelector("[data-send]").addEventListener("click", () => attempt());
page.querySelector("[data-share]").addEventListener("click", share);
document.addEventListener("offered", show);
show().catch(() => (page.hidden = false));
