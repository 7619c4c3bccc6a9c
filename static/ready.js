// Has the worker keep this day's pages ready; a new one takes over where nothing is half typed.
import { fact, note } from "./store.js";

/** Registers the worker, and once a day has it fetch the pages of these places anew. */
export async function ready(places) {
  try {
    const found = await navigator.serviceWorker.register("/sw.js");
    const half = () => document.querySelector("form[data-dirty]");
    const over = () => half() || found.waiting?.postMessage("takeover");
    found.addEventListener("updatefound", () => {
      found.installing?.addEventListener("statechange", over);
    });
    over();
    const today = `${new Date().toDateString()} ${places} ${document.documentElement.lang}`;
    if (!found.active || await fact("ready") === today) return;
    found.active.postMessage("refresh");
    await note("ready", today);
  } catch {
    // Every page works without a worker.
  }
}
