// A form's page: counters, the other day, what is relevant, what can be filled in beforehand.
// It checks nothing: the server does. Without it every question is shown and can be sent.
const form = document.querySelector("form[data-form]");
const latin = (text) =>
  text.trim().replace(/[٠-٩۰-۹]/g, (digit) => digit.charCodeAt(0) & 15).replace(/[,٫]/, ".");

const summary = document.querySelector(".summary");
if (summary) {
  requestAnimationFrame(() => summary.focus());
  summary.addEventListener("click", (event) => {
    const field = event.target.hash && document.querySelector(event.target.hash);
    if (!field) return;
    event.preventDefault();
    (field.closest("[data-q]") || field).scrollIntoView();
    field.focus({ preventScroll: true });
  });
}

for (const box of form.querySelectorAll(".counter")) {
  const field = box.querySelector("input");
  for (const button of box.querySelectorAll("button")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      field.value = Math.max(0, (Number(latin(field.value)) || 0) + Number(button.value));
      box.querySelector("[role=status]").textContent = field.value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}

// A page out of the phone's own store is of the day on which it was kept, and of no other address.
const DAY = 86_400_000; // ms
const iso = (moment) => new Date(moment).toISOString().slice(0, 10);
const days = [];
if ("cached" in document.documentElement.dataset) {
  const local = Date.now() - new Date().getTimezoneOffset() * 60_000;
  days.push(iso(local), iso(local - DAY));
  const asked = new URLSearchParams(location.search);
  for (const other of form.querySelectorAll("[data-other] input")) {
    const quick = form.elements[other.name.slice(0, -6)];
    for (const [nth, day] of days.entries()) quick[nth].value = day;
    const day = asked.get(quick[0].name);
    if (day && !days.includes(day)) [quick[2].checked, other.value] = [true, day];
  }
  for (const [name, value] of asked) {
    const control = form.querySelector(`[data-q] [name="${name}"][value="${CSS.escape(value)}"]`);
    if (control) control.checked = true;
  }
}

// A second tap within three seconds is the same tap; the button stays as it is.
let sent = -3000; // not by the clock: that may be put back
form.addEventListener("submit", (event) => {
  if (event.timeStamp - sent < 3000) {
    event.preventDefault();
    event.stopImmediatePropagation();
  } else sent = event.timeStamp;
}, true);

function live({ evaluate, toBoolean, toText }) {
  const page = JSON.parse(form.dataset.form);
  const boxes = {};
  for (const box of form.querySelectorAll("[data-q]")) boxes[box.dataset.q] = box;
  const controls = (name, of = form) => [...of.querySelectorAll(`[name="${name}"]`)];

  /** What stands in a field, as expressions see it: a month is its first day. */
  const text = (c) =>
    c.getAttribute("type") === "month" && c.value ? `${c.value}-01`
      : /numeric|decimal/.test(c.inputMode) ? latin(c.value) : c.value;

  /** What is filled in at a question, as expressions see it. */
  function read(name, of = form) {
    const picked = controls(name, of)
      .filter((c) => (!/radio|checkbox/.test(c.type) || c.checked) && !c.closest("label[hidden]"))
      .map(text);
    const other = of.elements[`${name}.other`];
    return other && picked[0] === "other" ? other.value : picked.join(" ");
  }

  function write(name, text) {
    form.written.add(name);
    for (const c of controls(name)) {
      if (/radio|checkbox/.test(c.type)) c.checked = text.split(" ").includes(c.value);
      else c.value = text;
    }
    if (boxes[name]) boxes[name].dispatchEvent(new Event("filled"));
  }

  /** Shows or hides; what is hidden keeps its value but is not sent. */
  function show(element, on) {
    element.hidden = !on;
    for (const c of element.querySelectorAll("input, select, textarea")) {
      c.disabled = !on || Boolean(c.closest("label[hidden]"));
    }
  }

  function sift(box, passes) {
    for (const field of box.querySelectorAll("[data-extra]")) {
      const choice = field.closest("label") || field;
      const on = passes({ name: field.value, ...JSON.parse(field.dataset.extra) });
      choice.hidden = field.disabled = !on;
      if (!on && choice.selected) choice.parentNode.value = "";
    }
    box.dispatchEvent(new Event("filled"));
  }

  const key = (of) => page.prefill_by.map((name) => read(name, of)).join(" ");
  const same = (a, b) => a.split(" ").sort().join(" ") === b.split(" ").sort().join(" ");
  const touched = new Set();
  form.written = new Set(); // not by a person
  const came = form.cloneNode(true); // with the day of before anybody chose another
  came.reset();
  let filled = key(came);
  if (days.length) {
    const before = Date.parse(page.now.slice(0, 10));
    for (const [nth, day] of days.entries()) filled = filled.replace(day, iso(before - nth * DAY));
    page.now = `${days[0]}T${new Date().toTimeString().slice(0, 8)}.000${page.now.slice(23)}`;
  }

  /** What differs from what was filled in beforehand is the person's own. */
  function keep() {
    for (const name of page.order) {
      const { prefill } = page.questions[name];
      if (prefill && !same(read(name), prefill[filled] || "")) touched.add(name);
    }
  }

  function update() {
    const values = { ...page.hidden };
    for (const name of page.order) values[name] = values[name] || "";
    const scope = { values, now: page.now, current: "", last_saved: page.last_saved, columns: {} };
    const now = key();
    for (const name of page.order) {
      const question = page.questions[name];
      const box = boxes[name];
      const on = question.relevant.every((tree) => toBoolean(evaluate(tree, scope)));
      if (box) show(box, on);
      if (box && question.filter) {
        sift(box, (columns) => toBoolean(evaluate(question.filter, { ...scope, columns })));
      }
      if (question.prefill && now !== filled && !touched.has(name)) {
        write(name, question.prefill[now] || "");
      }
      if (!on) values[name] = "";
      else if (question.calculation) values[name] = toText(evaluate(question.calculation, scope));
      else if (box) values[name] = read(name);
      else if (question.prefill) values[name] = question.prefill[now] || "";
    }
    filled = now;
    for (const picker of form.querySelectorAll("[data-other]")) {
      const field = picker.querySelector("input");
      const radio = form.querySelector(`[name="${field.name.slice(0, -6)}"][value=other]`);
      show(picker, radio.checked && !radio.disabled);
    }
    for (const group of form.querySelectorAll("[data-group]")) {
      group.hidden = ![...group.querySelectorAll("[data-q]")].some((box) => !box.hidden);
    }
  }

  form.addEventListener("input", (event) => {
    const name = event.target.name || "";
    if (name.endsWith(".other") && event.target.value) {
      form.querySelector(`[name="${name.slice(0, -6)}"][value=other]`).checked = true;
    }
    touched.add(name.replace(".other", ""));
    update();
  });
  form.addEventListener("restored", () => {
    for (const name of page.order) touched.add(name); // what was typed before is never overwritten
    update();
  });
  addEventListener("pageshow", () => {
    sent = -3000;
    keep();
    update();
  });
  keep();
  update();
}

import(form.dataset.expression).then(live);
