// Saves a form: on this phone first, then at the server; who has a connection notices nothing.
import { answers, typed } from "./answers.js";
import { listed } from "./days.js";
import { draftOf, find, identity, keep } from "./store.js";

const PATIENCE = 4000; // ms; then the page no longer waits for the server
const texts = document.getElementById("kept").content;
const { name: placeName, stay: query } = document.querySelector(".waiting").dataset;
const stay = (path) => path + (query ? (path.includes("?") ? "&" : "?") + query : "");

const sender = () => import("./send.js");

/** Which day and daypart a form is about, as its choices are called. */
function about(form) {
  const { prefill_by: key = [] } = JSON.parse(form.dataset.form || "{}");
  const day = answers(form).date;
  const chosen = key.map((name) => form.querySelector(`[name="${name}"]:checked`));
  const labels = chosen.filter((c) => c && !/^\d|other/.test(c.value))
    .map((c) => c.labels[0].textContent.trim());
  return { day, label: listed(labels) };
}

/** What a form is about to say, as this phone keeps it. */
function describe(form) {
  const { elements } = form;
  const value = (name) => elements[name]?.value;
  const address = new URL(form.action);
  const path = address.pathname;
  const key = form.dataset.key || value("instanceID");
  const fields = typed(form);
  const record = {
    key, instanceID: key, made: identity(), made_at: new Date().toISOString(),
    version: value("version") || "",
    place: value("page.place"), placeName, path, title: form.dataset.outbox, about: about(form),
    fields, answers: answers(form), sure: fields["page.sure"],
  };
  if ("week" in form.dataset) {
    const week = address.searchParams.get("week");
    return { ...record, form: "week", answers: { ...record.answers, week },
      path: `${path}?week=${week}`, after: `/week/saved?week=${week}` };
  }
  record.form = path.split("/")[2];
  if (!elements.edits) return { ...record, after: `${path}/${key}/saved` };
  form.dataset.change ||= identity();
  return { ...record, instanceID: form.dataset.change, after: `${path}/saved`,
    changes: { id: value("instanceID"), edits: Number(value("edits")) } };
}

/** Says in the place of the form that it is kept here and will be sent. */
function show(record) {
  const main = document.getElementById("main");
  if (main.querySelector("[data-panel]")) return;
  const panel = texts.querySelector("[data-panel]").cloneNode(true);
  panel.querySelector("[data-title]").textContent =
    listed([record.title, record.about.label]);
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

/** Keeps what a form says, sends it, and goes on to what the server made of it. */
export async function save(form, { say, submit }) {
  form.dataset.saved = ""; // a draft of it that is kept from here on would come back as a new one
  const record = describe(form);
  /** What waits under its id is another one, made from the same draft: neither goes. */
  const apart = (before) => {
    const { dataset, elements: { instanceID, edits } } = form;
    const same = JSON.stringify(before.answers) === JSON.stringify(record.answers);
    if (same || dataset.key || !("fresh" in dataset)) return false;
    dataset.key = identity();
    if (!edits) instanceID.value = dataset.key;
    Object.assign(record, describe(form));
    return true;
  };
  let left = false;
  const leave = (then) => {
    if (!left) then();
    left = true;
  };
  const go = (told) => leave(() => location.assign(stay(told?.asked ? record.path : record.after)));
  // The server's own page says at each field what is not right, and asks what it doubts.
  const plain = () => leave(() => submit(form));
  try {
    await keep(record, draftOf(form), apart);
  } catch (problem) {
    delete form.dataset.saved;
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
  form.dataset.key = record.key;
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
