// A scanned pairing link: the token goes from the address into the field, and out of the history.
// Sending it only asks which place it is for; pairing itself waits for a tap.
function take() {
  const token = location.hash.slice(1);
  if (!/^[0-9a-z-]{20,}$/i.test(token)) return;
  history.replaceState(null, "", location.pathname);
  const field = document.getElementById("token");
  field.value = token;
  field.form.submit();
}

addEventListener("hashchange", take);
take();
