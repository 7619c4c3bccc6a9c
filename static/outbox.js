// A form is kept on this phone first and sent second: what that takes comes when it is needed.
import { draft, draftOf, identity } from "./store.js";

const LATER = 5000; // ms; a first visit does not wait for what only a save needs
const PATIENCE = 10_000; // ms; then what a save needs does not come
const LONGEST = 30_000; // ms; then nobody is there
const forms = document.querySelectorAll("form[data-outbox]");
const drafts = [...forms].filter((form) => form.matches("[data-form], [data-week]"));
const texts = document.getElementById("kept").content;
const unsent = new URLSearchParams(location.search).has("unsent");

const sender = () => import("./send.js").catch(() => {}); // what is kept can be sent later
const all = () => {
  const these = Promise.all([import("./draft.js"), import("./save.js"), import("./answers.js")]);
  sender();
  return these;
};
let came;

/** What a draft and a save need; not before somebody fills something in, or did so before. */
function needed() {
  came ||= all().then(([{ remember }, { save }]) => {
    drafts.forEach(remember);
    return save;
  }).catch((problem) => {
    came = null; // it is asked for again
    throw problem;
  });
  return came;
}

const ready = () => needed().catch(() => {});

/** Says below the form what became of it. */
function say(form, name) {
  form.querySelector("[data-said]")?.remove();
  const line = texts.querySelector(`[data-said=${name}]`).cloneNode(true);
  form.append(line);
  line.scrollIntoView({ block: "nearest" });
}

const submit = (form) => HTMLFormElement.prototype.submit.call(form);

/** Half a page came: the server has the rest. When nobody takes it, the form stays as it is. */
async function bare(form) {
  const body = new URLSearchParams(new FormData(form));
  const signal = AbortSignal.timeout?.(LONGEST);
  try {
    const { redirected, url, status } = await fetch(form.action, { method: "POST", body, signal });
    if (redirected && url.startsWith(`${location.origin}/`)) return location.assign(url);
    if ([400, 409, 422].includes(status)) return submit(form); // its page says what is not right
  } catch {
    // Nobody there.
  }
  say(form, "lost");
}

for (const form of forms) {
  const { instanceID, edits } = form.elements;
  if ("fresh" in form.dataset && !edits) instanceID.value = identity(); // the page may be a kept one
  form.touched = new Set();
  form.addEventListener("input", ({ target }) => form.touched.add(target.name));
  for (const first of ["focusin", "input"]) form.addEventListener(first, ready, { once: true });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    const late = new Promise((done, fail) => setTimeout(fail, PATIENCE));
    Promise.race([needed(), late]).then((save) => save(form, { say, submit }), () => bare(form));
  });
}

for (const form of drafts) {
  Promise.resolve(unsent || draft(draftOf(form))).then((begun) => begun && ready(), () => {});
}

document.getElementById("tally")?.removeAttribute("hidden");
setTimeout(ready, LATER);
addEventListener("pageshow", ({ persisted }) => {
  if (persisted && document.querySelector("[data-saved]")) location.reload(); // with a new id
});
