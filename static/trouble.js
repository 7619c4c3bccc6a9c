// Tells the office what goes wrong in a page's script: what and where, never what was typed.
import { fact, note } from "./store.js";

const MOST = 20;
let held = []; // what a phone that keeps nothing could not note

/** "outbox.js:34" out of an address or a list of calls. */
function spot(text = "") {
  const found = /([\w-]+\.js)(?:\?v=\w+)?:(\d+)/.exec(text);
  return found ? `${found[1]}:${found[2]}` : "-";
}

/** What an event tells of: a script that stopped, or what a page says itself. */
function read({ detail, error, filename, lineno, reason }) {
  if (detail) return { name: "Error", spot: "-", ...detail };
  const name = /^[A-Za-z]{1,40}$/.exec((error || reason)?.name || "")?.[0] || "Error";
  return { kind: "script", name, spot: spot(filename ? `${filename}:${lineno}` : reason?.stack) };
}

/** Notes the trouble that an event tells of, and tells all that is noted. */
export async function tell(event) {
  const known = [...(await fact("trouble").catch(() => {}) || []), ...held];
  if (event && known.length < MOST) known.push(read(event));
  held = await note("trouble", known).then(() => [], () => known);
  if (!known.length) return;
  const answer = await fetch("/api/trouble", {
    method: "POST", body: JSON.stringify({ trouble: known }), redirect: "error",
    headers: { "Content-Type": "application/json", "X-Fieldapp": "1" },
  });
  if (answer.ok && /json/.test(answer.headers.get("Content-Type"))) {
    held = [];
    await note("trouble", []).catch(() => {});
  }
}
