// Says on every page what was not sent yet, sends it when it may work, and minds the pairing.
import { fact, note, waiting } from "./store.js";

const line = document.querySelector(".waiting");
const link = line.querySelector("a");
const { places, one, many, warn, safe } = line.dataset;
const cached = "cached" in document.documentElement.dataset;
const DAY = 86_400_000; // ms
const FIRST = 5000; // ms until a second try; it doubles up to TEN_MINUTES
const TEN_MINUTES = 600_000;
const LONGEST = 14 * DAY; // without contact: then the lists of people go
const WARN = 3 * DAY;
// Safari removes what a page kept after a week of use without a visit; not of a home-screen app.
const brief = /iP(hone|ad|od)|Mac.*Touch/.test(
  navigator.userAgent + (navigator.maxTouchPoints > 1 ? "Touch" : ""),
) && !navigator.standalone;

const bare = { day: (moment) => new Date(moment).toLocaleDateString(document.documentElement.lang) };

async function tell() {
  const open = document.querySelector("form[data-outbox] [name=instanceID]");
  const all = (await waiting()).filter(({ key }) => key !== open?.value);
  line.hidden = !all.length;
  if (!all.length) return all;
  const { day } = await import("./days.js").catch(() => bare); // offline it may not be here
  const oldest = Math.min(...all.map(({ made_at }) => new Date(made_at)));
  const age = Date.now() - oldest;
  let text = (all.length > 1 ? many : one).replace("{n}", all.length).replace("{day}", day(oldest));
  if (brief && age > DAY) text += `. ${safe.replace("{day}", day(Date.now() + 6 * DAY))}`;
  else if (age > WARN) text += `. ${warn}`;
  if (link.textContent !== text) link.textContent = text;
  return all;
}

/** Whose lists this phone may hold: none without a place, after two weeks, or of another place. */
async function mind() {
  const before = await fact("places") || "";
  const contact = await fact("contact");
  const wipe = async (...how) => (await import("./gone.js")).wipe(...how);
  if (cached) return Date.now() - contact > LONGEST && wipe(true, true);
  if (!places) return "places" in line.dataset && wipe(true);
  const own = ["", ...places.split(" ")];
  if (!before.split(" ").every((code) => own.includes(code))) await wipe();
  await note("places", places);
  await note("contact", Date.now());
}

let failures = 0;
let paused = false; // without a place nothing is sent until a page is opened anew
let timer;

async function round() {
  clearTimeout(timer);
  if (document.visibilityState === "hidden") return;
  await tell();
  if (!places || !(await waiting()).length && !(await fact("told"))) return;
  const { send } = await import("./send.js");
  const well = await send();
  const all = await tell();
  failures = well ? 0 : failures + 1;
  if (!paused && all.some(({ state }) => !state)) later();
}

/** A script that did not come is asked for again; a phone that keeps nothing has nothing to tell. */
const start = () => round().catch(() => {
  failures += 1;
  if (places) later();
});

/** Tries again after a while, not all phones at the same moment. */
function later() {
  clearTimeout(timer);
  const wait = Math.min(FIRST * 2 ** failures, TEN_MINUTES);
  timer = setTimeout(start, wait * (0.5 + Math.random()));
}

// A browser keeps what was sent to get this page, to send it again; names may stand in it.
history.replaceState(history.state, "");
mind().catch(() => {}).then(start);
addEventListener("online", start);
document.addEventListener("kept", () => {
  tell().catch(() => {});
  later();
});
document.addEventListener("visibilitychange", start);
addEventListener("pageshow", ({ persisted }) => persisted && start());
document.addEventListener("offered", ({ detail: { outcome } }) => {
  paused = outcome.state === "unpaired";
  tell().catch(() => {});
});

// Not on a first visit to a form, that has enough to fetch; a form works without.
const worker = navigator.serviceWorker;
if (places && worker && (worker.controller || !document.querySelector("[data-form]"))) {
  addEventListener("load", () => import("./ready.js").then((it) => it.ready(places), () => {}));
}

const trouble = (event) => import("./trouble.js").then((it) => it.tell(event)).catch(() => {});
addEventListener("error", trouble);
addEventListener("unhandledrejection", trouble);
document.addEventListener("trouble", trouble);
fact("trouble").then((some) => some?.length && trouble(), () => {});
