// Copies the text of a field when its button is pressed, and says so.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const said = button.parentElement.querySelector("[data-copied]");
  button.parentElement.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // Not every browser lets a page near the clipboard: then the text is ready to be copied.
      field.select();
      document.execCommand("copy");
    }
    said.textContent = said.dataset.copied;
  });
}
