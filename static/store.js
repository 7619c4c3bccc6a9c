// What this phone keeps by itself: records until the server has them, drafts, and a few facts.
const NAMES = ["records", "drafts", "facts"];
const PATIENCE = 4000; // ms; a database that died in the background may never answer
let opened;
let gone = false;

/** `promise`, or a failure when it takes too long. */
const soon = (promise) =>
  Promise.race([promise, new Promise((done, fail) => setTimeout(fail, PATIENCE, Error("slow")))]);

function open() {
  opened ||= soon(new Promise((done, fail) => {
    const asked = indexedDB.open("fieldapp", 1);
    asked.onupgradeneeded = () => { // only adds: what an older page kept stays
      const there = asked.result.objectStoreNames;
      for (const name of NAMES) if (!there.contains(name)) asked.result.createObjectStore(name);
    };
    asked.onsuccess = () => {
      const made = asked.result;
      made.onclose = () => (opened = null);
      made.onversionchange = () => {
        made.close();
        opened = null;
      };
      done(made);
    };
    asked.onerror = () => fail(asked.error);
  }));
  return opened;
}

async function once(mode, work) {
  if (gone) throw Error("wiped");
  const base = await open();
  return soon(new Promise((done, fail) => {
    const doing = base.transaction(NAMES, mode, { durability: "strict" });
    let answer;
    doing.oncomplete = () => done(answer); // not before: only then it is on the disk
    doing.onabort = () => fail(doing.error || Error("aborted"));
    work(...NAMES.map((name) => doing.objectStore(name)), (value) => (answer = value));
  }));
}

/** What `work` gives, all of it kept or nothing; a connection that died is opened once more. */
export async function run(mode, work) {
  try {
    return await once(mode, work);
  } catch {
    opened = null;
    return once(mode, work);
  }
}

/** The facts that are tallies of visitors, each named by the record that it will be. */
export const TALLIES = IDBKeyRange.bound("tally ", "tally!");

const got = (request, then) => (request.onsuccess = () => then(request.result));

/** Every record that waits, in the order in which they were made. */
export const waiting = async () => {
  const all = await run("readonly", (records, d, f, give) => got(records.getAll(), give));
  return all.sort((a, b) => a.number - b.number);
};

export const find = (key) =>
  run("readonly", (records, d, f, give) => got(records.get(key), give));

/** Keeps a record, with this phone's next number, in the place of its draft; `apart` may give it
 * another key than what waits there. */
export const keep = (record, draft, apart) =>
  run("readwrite", (records, drafts, facts, give) => {
    got(records.get(record.key), (before) => got(facts.get("last"), (last = 0) => {
      if (before && apart(before)) before = null;
      record.number = before ? before.number : last + 1;
      if (!before) facts.put(last + 1, "last");
      records.put(record, record.key);
      if (draft) drafts.delete(draft);
      facts.delete(`tally ${record.key}`);
      give(record);
    }));
  });

/** Changes a record, unless it was saved anew meanwhile; `change` gives nothing to remove it. */
export const alter = (record, change, told) =>
  run("readwrite", (records, d, facts) => {
    got(records.get(record.key), (now) => {
      if (!now || now.made !== record.made) return;
      const next = change(now);
      if (next) return records.put(next, now.key);
      records.delete(now.key);
      if (told) got(facts.get("sent"), (sent = []) => facts.put([told, ...sent].slice(0, 20), "sent"));
    });
  });

export const fact = (name) => run("readonly", (r, d, facts, give) => got(facts.get(name), give));
export const note = (name, value) => run("readwrite", (r, d, facts) => facts.put(value, name));

export const draft = (key) => run("readonly", (r, drafts, f, give) => got(drafts.get(key), give));
export const sketch = (key, fields) =>
  run("readwrite", (r, drafts) => {
    if (fields) drafts.put(fields, key);
    else drafts.delete(key);
    drafts.transaction.commit?.(); // the page may be closing
  });

/** Under what a form's draft is kept: as it was opened, at this place. */
export function draftOf(form) {
  const query = new URLSearchParams(location.search);
  for (const name of ["page.place", "unsent", "poster"]) query.delete(name);
  return `${form.elements["page.place"].value} ${location.pathname}?${query}`;
}

/** Lets go of the store; for good when this page may not make it anew. */
export async function close(ever) {
  (await open()).close();
  opened = null;
  gone = ever;
}

/** A new id, on phones too that make none themselves. */
export const identity = () => crypto.randomUUID?.()
  || "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
    (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));
