// The page of a deposit whose payer is back: looks again until the provider has answered, then comes anew.
const MOST_LOOKS = 100; // with growing pauses, about an hour

async function look(count) {
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.ok && !page.querySelector("[data-waiting]")) {
      location.replace(location.pathname);
      return;
    }
  } catch {
    // A lost connection comes back; the next look tells.
  }
  if (count < MOST_LOOKS) setTimeout(look, 2000 + 700 * count, count + 1);
}
setTimeout(look, 2000, 0);
