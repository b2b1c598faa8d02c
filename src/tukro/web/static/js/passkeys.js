// Beside allauth's scripts for passkeys: shows their buttons where the browser can, and says when one failed.

const able = "PublicKeyCredential" in window;
for (const button of document.querySelectorAll("[data-passkey]")) button.hidden = !able;
for (const note of document.querySelectorAll("[data-passkey-unable]")) note.hidden = able;
document.addEventListener("allauth.error", (event) => {
  event.preventDefault(); // no stack trace for someone who pressed "cancel"
  for (const note of document.querySelectorAll("[data-passkey-failed]")) note.hidden = false;
});
