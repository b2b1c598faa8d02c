// Allowing notices on this device: asks the browser, and brings the server what it answered.

const form = document.querySelector("form[data-push]");
const say = (what) => {
  for (const note of document.querySelectorAll("[data-push-said]")) note.hidden = note.dataset.pushSaid !== what;
};

if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) {
  say("unable");
} else if (Notification.permission === "denied") {
  say("denied");
} else {
  form.hidden = false;
  form.addEventListener("submit", allow);
}

async function allow(event) {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    if ((await Notification.requestPermission()) !== "granted") return say("denied");
    await navigator.serviceWorker.register("/sw.js");
    const worker = await navigator.serviceWorker.ready;
    // One made under another key of ours would be refused: the browser gives a new one after it is ended.
    await (await worker.pushManager.getSubscription())?.unsubscribe();
    const subscription = await worker.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: form.dataset.push,
    });
    const answer = await fetch(form.dataset.add, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value,
      },
      body: JSON.stringify(subscription),
    });
    if (!answer.ok) throw new Error(answer.status);
    location.reload();
  } catch {
    say("failed");
  } finally {
    button.disabled = false;
  }
}
