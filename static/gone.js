// Takes from this phone what is personal of a place that it lost; never what was not sent.
import { TALLIES, close, run } from "./store.js";

const EVERYBODYS = /^\/(static\/|offline$)/;
const BLANK = "fieldapp-blank";

const answer = (asked) => new Promise((done, fail) => {
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => fail(asked.error);
});

/** Pages go one by one: of a cache that goes at once the files stay as long as a worker has it. */
async function pages(all) {
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const { url } of await cache.keys()) {
      const own = all || !EVERYBODYS.test(new URL(url).pathname);
      if (own) await cache.delete(url, { ignoreVary: true });
    }
    if (all) await caches.delete(name);
  }
}

/** What is deleted stays in Chromium's files until these are written anew, as it does when a whole
 * database goes: one before ours, so that all of ours is in a file, and one after it. */
async function scrub(some) {
  for (const name of some ? [BLANK, "fieldapp", BLANK] : ["fieldapp"]) {
    (await answer(indexedDB.open(name))).close();
    await answer(indexedDB.deleteDatabase(name));
  }
}

/** Wipes pages and drafts; with `all` the store too when nothing waits; it `stays` gone or not. */
export async function wipe(all, stays) {
  if (self.caches) await pages(all && !stays);
  const [left, some] = await run("readwrite", (records, drafts, facts, give) => {
    const asked = [records.count(), facts.count(TALLIES), drafts.count(), facts.count()];
    drafts.clear();
    for (const name of ["sent", "ready"]) facts.delete(name);
    asked.at(-1).onsuccess = () => {
      const [waiting, tallies, typed, known] = asked.map(({ result }) => result);
      give([waiting + tallies, typed + known]);
    };
  });
  if (left || !all) return;
  await close(!stays);
  await scrub(some);
}
