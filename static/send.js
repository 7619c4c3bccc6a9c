// Sends what waits, one at a time, and forgets a record only on the server's receipt.
import { wipe } from "./gone.js";
import { alter, fact, identity, note, waiting } from "./store.js";

const LIMITS = [10, 30, 90]; // seconds, growing per attempt
const FAILURES = 2; // in a row: then there is no connection, and the others wait too
const HOUR = 3_600_000; // ms; nobody is kept waiting longer because a clock was put back

const hash = async (text) => {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};
const now = () => new Date().toISOString();

/** Which store this is: after it was wiped another one, that counts from one again. */
async function outbox() {
  const known = await fact("outbox");
  if (known) return known;
  const made = identity();
  await note("outbox", made);
  return made;
}

/** A record as the server takes it, from here or out of a file. */
export async function envelope(record) {
  const { form, version, place, instanceID, answers, changes, sure, number, made_at } = record;
  const about = number ? { outbox: await outbox(), number } : {};
  return { form, version, place, instanceID, answers, changes, sure, made_at, ...about, sent_at: now() };
}

/** The server's answer to what is sent, if it is the server that answers: {status, told, later}. */
async function post(path, text, seconds) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), seconds * 1000);
  try {
    const answer = await fetch(path, {
      method: "POST", body: text, redirect: "error", cache: "no-store", signal: stop.signal,
      headers: { "Content-Type": "application/json", "X-Fieldapp": "1" },
    });
    const later = Number(answer.headers.get("Retry-After")) || 0;
    const json = /^application\/json\b/.test(answer.headers.get("Content-Type"));
    return { status: answer.status, later, told: json ? await answer.json() : null };
  } catch {
    return { status: 0, later: 0, told: null };
  } finally {
    clearTimeout(timer);
  }
}

/** Offers a record: {state, …} with state sent, again, attention, place or unpaired. */
export async function offer(record) {
  const text = JSON.stringify(await envelope(record));
  const limit = LIMITS[Math.min(record.attempts || 0, LIMITS.length - 1)];
  const { status, told, later } = await post("/api/submissions", text, limit);
  const again = { state: "again", status, later };
  if (!told || status >= 500 || [408, 425, 429].includes(status)) return again;
  if (status === 200 || status === 201) {
    const ours = told.receipt === record.instanceID && told.sha256 === await hash(text);
    return ours ? { state: "sent", told } : again;
  }
  if (status === 401) return { state: "unpaired" };
  return { state: status === 403 ? "place" : "attention", status, told };
}

/** Why the server did not take a record, in its own words. */
function reason({ error, messages, doubts }) {
  const more = [...Object.values(messages || {}), ...(doubts || []).map((doubt) => doubt.sentence)];
  return [error, ...new Set(more)].filter(Boolean).join(" ");
}

/** Tells what waits here and what was thrown away, so that the office sees what never came. */
async function report() {
  const all = await waiting();
  const thrown = await fact("thrown") || [];
  const before = await fact("told") || "";
  if (!all.length && !thrown.length && !before) return;
  const numbers = all.map(({ number }) => number);
  const unsent = all.length ? {
    count: all.length, oldest: all.map(({ made_at }) => made_at).sort()[0],
    lowest: Math.min(...numbers), highest: Math.max(...numbers),
  } : { count: 0 };
  const about = { outbox: await outbox(), given: await fact("last") || 0, unsent };
  const text = JSON.stringify(about);
  if (text === before && !thrown.length) return;
  const extra = thrown.length ? { thrown_away: thrown } : {};
  const { status, told } = await post(
    "/api/contact", JSON.stringify({ ...about, ...extra, sent_at: now() }), LIMITS[0]);
  if (status !== 200 || !told) return;
  await note("told", all.length ? text : "");
  await note("thrown", []);
}

const say = (what, detail) => document.dispatchEvent(new CustomEvent(what, { detail }));

/** Offers what waits: `first` before all, then what failed least. True when nothing failed. */
async function pass(first) {
  const tried = new Set();
  let failed = 0;
  let well = true;
  while (failed < FAILURES) {
    const wait = await fact("wait");
    if (wait > Date.now() && wait < Date.now() + HOUR) return false;
    const rest = (await waiting()).filter(({ key, state }) =>
      !tried.has(key) && (state !== "attention" || key === first));
    const next = rest.find(({ key }) => key === first)
      || rest.sort((a, b) => (a.attempts || 0) - (b.attempts || 0))[0];
    if (!next) break;
    tried.add(next.key);
    const outcome = await offer(next);
    const { state, status, told, later } = outcome;
    if (state === "sent") {
      const { key, title, about } = next;
      await alter(next, () => null, { key, title, about, at: now(), url: told.url });
    } else if (state !== "unpaired") {
      const news = state === "again" ? {} : { state, reason: reason(told), now: told.now };
      await alter(next, (record) =>
        ({ ...record, ...news, attempts: (record.attempts || 0) + 1 }));
    }
    if (later) await note("wait", Date.now() + later * 1000);
    say("offered", { made: next.made, outcome });
    if (status && state === "again") say("trouble", { kind: "send", name: `http ${status}` });
    if (state === "unpaired") {
      await wipe();
      return false;
    }
    failed = state === "again" ? failed + 1 : 0;
    if (failed) well = false;
    else await note("contact", Date.now());
  }
  if (!failed) await report();
  return well;
}

let going;

/** Offers what waits, in one tab at a time; without `first` not while this tab does so already. */
export function send(first) {
  if (going && !first) return going;
  const work = () => pass(first);
  const turn = navigator.locks ? navigator.locks.request("fieldapp", work) : work();
  const end = turn.finally(() => {
    if (going === end) going = null;
  });
  return (going = end);
}
