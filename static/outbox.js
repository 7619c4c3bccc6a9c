// A form is kept on this phone first and sent second; who has a connection notices nothing.
import { find, identity, keep } from "./store.js";

const LATER = 5000; // ms; a first visit does not wait for what only a save needs
const PATIENCE = 4000; // ms; then the page no longer waits for the server
const texts = document.getElementById("kept").content;
const { name: placeName, stay: query } = document.querySelector(".waiting").dataset;
const stay = (path) => path + (query ? (path.includes("?") ? "&" : "?") + query : "");

const sender = () => import("./send.js");

for (const form of document.querySelectorAll("form[data-outbox]")) {
  form.touched = new Set();
  form.addEventListener("input", ({ target }) => form.touched.add(target.name));
}

let answers, typed, draftOf;
// Not before the form can be used: browsers fetch six files at a time, and those come first.
const rest = Promise.all([import("./answers.js"), import("./draft.js")]).then(([both, own]) => {
  ({ answers, typed } = both);
  ({ draftOf } = own);
  document.querySelectorAll("form:is([data-form], [data-week])[data-outbox]").forEach(own.remember);
});
rest.catch(() => {});

/** Which day and daypart a form is about, as its choices are called. */
function about(form) {
  const { prefill_by: key = [] } = JSON.parse(form.dataset.form || "{}");
  const day = answers(form).date;
  const chosen = key.map((name) => form.querySelector(`[name="${name}"]:checked`));
  const labels = chosen.filter((c) => c && !/^\d|other/.test(c.value))
    .map((c) => c.labels[0].textContent.trim());
  return { day, label: labels.join(", ") };
}

/** What a form is about to say, as this phone keeps it. */
function describe(form) {
  const { elements } = form;
  const value = (name) => elements[name]?.value;
  const address = new URL(form.action);
  const path = address.pathname;
  const fields = typed(form);
  const record = {
    key: value("instanceID"), instanceID: value("instanceID"), made: identity(),
    made_at: new Date().toISOString(), version: value("version") || "",
    place: value("page.place"), placeName, path, title: form.dataset.outbox, about: about(form),
    fields, answers: answers(form), sure: fields["page.sure"],
  };
  if ("week" in form.dataset) {
    const week = address.searchParams.get("week");
    return { ...record, form: "week", answers: { ...record.answers, week },
      path: `${path}?week=${week}`, after: `/week/saved?week=${week}` };
  }
  record.form = path.split("/")[2];
  if (!elements.edits) return { ...record, after: `${path}/${record.key}/saved` };
  form.dataset.change ||= identity();
  return { ...record, instanceID: form.dataset.change, after: `${path}/saved`,
    changes: { id: record.key, edits: Number(value("edits")) } };
}

/** Says below the form what became of it. */
function say(form, name) {
  form.querySelector("[data-said]")?.remove();
  const line = texts.querySelector(`[data-said=${name}]`).cloneNode(true);
  form.append(line);
  line.scrollIntoView({ block: "nearest" });
}

/** Says in the place of the form that it is kept here and will be sent. */
function show(record) {
  const main = document.getElementById("main");
  if (main.querySelector("[data-panel]")) return;
  const panel = texts.querySelector("[data-panel]").cloneNode(true);
  panel.querySelector("[data-title]").textContent =
    [record.title, record.about.label].filter(Boolean).join(", ");
  const head = document.createElement("h1"); // a page has one, and this one takes its place
  const line = panel.querySelector("[data-head]");
  head.append(...line.childNodes);
  line.replaceWith(head);
  main.replaceChildren(panel);
  document.title = head.textContent;
  main.focus();
  scrollTo(0, 0);
  document.dispatchEvent(new Event("kept"));
}

async function save(form) {
  try {
    await rest;
  } catch {
    return HTMLFormElement.prototype.submit.call(form); // half a page: the server has the rest
  }
  const record = describe(form);
  let left = false;
  const leave = (then) => {
    if (!left) then();
    left = true;
  };
  const go = (told) => leave(() => location.assign(stay(told?.asked ? record.path : record.after)));
  // The server's own page says at each field what is not right, and asks what it doubts.
  const plain = () => leave(() => HTMLFormElement.prototype.submit.call(form));
  try {
    await keep(record, draftOf(form));
  } catch (problem) {
    const detail = { kind: "save", name: problem?.name };
    document.dispatchEvent(new CustomEvent("trouble", { detail }));
    const lost = () => ({ state: "again" });
    const loose = { ...record, number: 0 }; // it got none: nothing of it was kept
    const { state, told } = await sender().then(({ offer }) => offer(loose)).catch(lost);
    if (state === "sent") go(told);
    else if (state === "again") say(form, "lost");
    else plain();
    return;
  }
  form.dataset.saved = "";
  say(form, "saved");
  navigator.storage?.persist?.();
  document.addEventListener("offered", ({ detail: { made, outcome } }) => {
    if (made !== record.made) return;
    if (outcome.state === "sent") go(outcome.told);
    else if (outcome.state === "attention" && form.isConnected) plain();
    else show(record);
  });
  const patience = setTimeout(() => left || show(record), PATIENCE);
  await sender().then(({ send }) => send(record.key)).catch(() => {});
  clearTimeout(patience);
  if (await find(record.key)) left || show(record);
  else go(); // another tab was first
}

for (const form of document.querySelectorAll("form[data-outbox]")) {
  form.addEventListener("focusin", () => sender().catch(() => {}), { once: true });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    save(form);
  });
}

document.getElementById("tally")?.removeAttribute("hidden");
setTimeout(() => sender().catch(() => {}), LATER);
addEventListener("pageshow", ({ persisted }) => {
  if (persisted && document.querySelector("[data-saved]")) location.reload(); // with a new id
});
