// What was typed and not saved survives a closed tab; a form opened twice makes two records.
import { restore, typed } from "./answers.js";
import { draft, draftOf, find, sketch } from "./store.js";

const PAUSE = 300; // ms between two times that a draft is kept

/** Above the form that it holds what was typed before, with why it was not taken. */
function tell(form, name, reason) {
  const said = document.getElementById("kept").content.querySelector(`[data-said=${name}]`);
  const line = said.cloneNode(true);
  if (reason) line.querySelector("[data-reason]").textContent = reason;
  line.querySelector("button")?.addEventListener("click", async () => {
    form.dataset.saved = "";
    await sketch(draftOf(form));
    location.reload();
  });
  form.before(line);
}

/** Whether something else is filled in than what came with the page. */
function differs(c) {
  if (/radio|checkbox/.test(c.type)) return c.checked !== c.defaultChecked;
  if (c.options) {
    return c.selectedIndex !== Math.max(0, [...c.options].findIndex((it) => it.defaultSelected));
  }
  return "defaultValue" in c && c.type !== "hidden" && c.value !== c.defaultValue; // no button has
}

/** Puts back what was typed here before, and keeps what is typed from now on. */
export async function remember(form) {
  const key = draftOf(form);
  const { instanceID, edits } = form.elements;
  if (!("cached" in document.documentElement.dataset)) { // there scripts came at once, and fill in
    for (const c of form.elements) { // what was typed before a script could hear of it
      if (c.name && differs(c) && !form.written?.has(c.name)) form.touched.add(c.name);
    }
  }
  if ("fresh" in form.dataset) {
    try {
      const unsent = new URLSearchParams(location.search).get("unsent");
      const record = unsent && await find(unsent);
      const before = !record && await draft(key);
      if ("saved" in form.dataset) return; // on its way already, as it stood
      if (record) {
        restore(form, record.fields);
        form.dataset.key = record.key;
        if (!edits) instanceID.value = record.key;
        tell(form, "unsent", record.reason);
      } else if (before) {
        restore(form, before, true);
        tell(form, "draft");
      }
    } catch {
      // A phone that keeps nothing for us: the form works as it is.
    }
  }
  let timer;
  const put = () => {
    clearTimeout(timer);
    timer = null;
    if (!("saved" in form.dataset)) sketch(key, typed(form)).catch(() => {});
  };
  const mark = () => {
    form.dataset.dirty = "";
    timer ||= setTimeout(put, PAUSE);
  };
  form.addEventListener("input", mark);
  if (form.touched?.size) mark(); // this script came after the first letter
  document.addEventListener("visibilitychange", () => timer && put());
  addEventListener("pagehide", () => timer && put());
}
