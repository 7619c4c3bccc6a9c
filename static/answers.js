// What stands in a form: read as it is sent, and put back as it was typed.
const OWN = /^(csrf_token|instanceID|version|edits|page\.(place|sure))$/;
const KEPT = /^(instanceID|edits|seen\..*|was\..*)$/;

/** Everything that the form would send, by name. */
export function typed(form) {
  const fields = {};
  for (const [name, value] of new FormData(form)) (fields[name] ||= []).push(value);
  delete fields.csrf_token;
  return fields;
}

/** The answers as the outbox sends them: texts, and a list where several may be chosen. */
export function answers(form) {
  const fields = typed(form);
  const given = {};
  for (const [name, values] of Object.entries(fields)) {
    if (OWN.test(name)) continue;
    const [base, other] = name.split(/\.(other)$/);
    const control = form.elements[name];
    const several = values.length > 1 || !control.tagName && control[0].type === "checkbox";
    if (other && base in fields) {
      if (fields[base][0] === "other") given[base] = values[0];
    } else if (!(name in given)) given[name] = several ? values : values[0];
  }
  return given;
}

/** Puts back what was typed; with `own` also by which record, and what it was typed over. */
export function restore(form, fields, own) {
  const part = "page.part" in fields; // what is not in it stays as it is
  for (const control of form.elements) {
    const { name, type } = control;
    if (form.touched?.has(name)) continue; // typed since the page came: that is newer
    if (!name || part && !(name in fields) || (OWN.test(name) || type === "hidden") && !(own && KEPT.test(name))) continue;
    const values = fields[name] || [];
    if (/radio|checkbox/.test(type)) control.checked = values.includes(control.value);
    else control.value = values[0] || "";
  }
  for (const other of form.querySelectorAll("[name$='.other']")) {
    const name = other.name.slice(0, -6);
    const [value] = fields[name] || [];
    if (!value || form.querySelector(`[name="${name}"]:checked`)) continue;
    form.querySelector(`[name="${name}"][value=other]`).checked = true; // a day that has passed
    other.value = value;
  }
  form.dispatchEvent(new Event("restored"));
  for (const list of form.querySelectorAll(".pick")) list.dispatchEvent(new Event("filled"));
  for (const fold of form.querySelectorAll("details")) {
    fold.open ||= [...fold.querySelectorAll("[name]")].some((c) =>
      /radio|checkbox/.test(c.type) ? c.checked : c.value);
  }
}
