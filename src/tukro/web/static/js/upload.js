// Files of the work page go at once, in pieces, and go on where they stood: after a lost line by themselves, after a
// reload from the browser's own store. Pictures are made smaller first. Without this script the form carries them.

const form = document.querySelector("form[data-uploads]");
const words = document.getElementById("upload-words");
const PIECE = 256 * 1024;
const PATIENCE = [0, 1000, 2000, 4000, 8000, 15000, 30000];
const underway = new Set(); // uploads that have not come to an end; each is {cancel, again}

for (const box of form.querySelectorAll("[data-upload]")) prepare(box);
form.addEventListener("submit", holdBack, { capture: true });
addEventListener("online", () => underway.forEach((one) => one.again?.()));
goOn();

function prepare(box) {
  const input = box.querySelector("input[type=file][name]");
  const camera = box.querySelector("[data-camera]");
  for (const button of box.querySelectorAll("[data-plain]")) button.hidden = true;
  const pick = box.querySelector("[data-pick]");
  if (pick) {
    // Every file is a line of ours at once: the browser's own control has nothing to say, and says it in its own language.
    pick.hidden = false;
    input.classList.add("visually-hidden");
  }
  if (camera) camera.hidden = !matchMedia("(pointer: coarse)").matches;
  const taken = (chosen) => {
    forgetFailed(box);
    for (const file of [...chosen.files]) take(box, file);
    chosen.value = ""; // so that the form does not carry it a second time
  };
  input?.addEventListener("change", () => taken(input));
  camera?.querySelector("input").addEventListener("change", (event) => taken(event.target));
  // The recorder hands its sound in here: a stream while it records, or a file.
  box.addEventListener("tukro:carry", (event) => carry(box, event.detail));
  box.addEventListener("tukro:file", (event) => {
    forgetFailed(box);
    take(box, event.detail);
  });
  showRoom(box);
}

async function take(box, file, key = crypto.randomUUID()) {
  if (room(box) < 1) return tell(box, file.name, words.dataset.many);
  const line = added(box, "sending-line", file.name);
  let isWanted = true;
  let one = null;
  onRemove(box, line, () => {
    isWanted = false;
    one?.cancel();
    forgetFailed(box); // that there is no room for more is over, too
  });
  const small = await shrunk(file, box.dataset.kind);
  if (!isWanted) return;
  if (small.size > Number(words.dataset.mostBytes)) return fail(line, words.dataset.large);
  await store("readwrite", (kept) =>
    kept.put({ key, assignment: form.dataset.assignment, field: box.dataset.upload, file: small, at: Date.now() }),
  );
  one = await carry(box, { source: small, name: file.name, key, line });
  if (!isWanted) one.cancel();
}

// One upload. ``detail``: source (a File, or the reader of a stream that goes on), name, key in the store, line;
// kept(id) and failed(message) are called at its end.
async function carry(box, detail) {
  const { source, name, key, line } = detail;
  const streamed = typeof source.read === "function";
  const one = { cancel: () => {}, again: null };
  detail.cancel = () => one.cancel();
  underway.add(one);
  const end = () => {
    underway.delete(one);
    if (key) forget(key);
    release();
  };
  // For now it stands still: it waits for the line, or for the person.
  const wait = (text) => {
    say(line, text);
    const again = line.querySelector("[data-again]");
    again.hidden = false;
    one.again = () => {
      one.again = null;
      again.hidden = true;
      say(line, "");
      upload.start();
    };
    again.onclick = one.again;
  };
  const refuse = (message) => {
    end();
    if (line) fail(line, message);
    detail.failed?.(message);
  };
  let refused = ""; // why the server does not keep what is here
  const tus = await library();
  const upload = new tus.Upload(source, {
    endpoint: form.dataset.uploads,
    chunkSize: streamed ? 32 * 1024 : PIECE,
    retryDelays: PATIENCE,
    uploadLengthDeferred: streamed,
    headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, Accept: "application/json" },
    metadata: { assignment: form.dataset.assignment, field: box.dataset.upload, filename: name },
    storeFingerprintForResuming: !streamed,
    removeFingerprintOnSuccess: true,
    fingerprint: async () => (streamed ? null : `tukro:${form.dataset.assignment}:${box.dataset.upload}:${key}`),
    onAfterResponse: (_request, response) => {
      refused = decodeURIComponent(response.getHeader("Tukro-Refused") ?? "");
      if (refused) throw new Error(refused); // tus would send it all once more
    },
    onShouldRetry: (error) => !refused && navigator.onLine !== false && passes(error),
    onProgress: (sent, whole) => line && showProgress(line, sent, whole),
    onSuccess: ({ lastResponse }) => {
      const id = lastResponse.getHeader("Tukro-File");
      if (!id) return streamed ? refuse("") : wait(words.dataset.failed);
      end();
      line?.remove();
      addKept(box, id, name);
      detail.kept?.(id);
    },
    onError: (error) => {
      if (refused) refuse(refused);
      else if (!passes(error)) refuse(messageOf(error));
      else if (streamed) refuse("");
      else wait(words.dataset.waiting);
    },
  });
  one.cancel = () => {
    upload.abort(true).catch(() => {});
    end();
  };
  if (!streamed) {
    const [earlier] = await upload.findPreviousUploads();
    if (earlier) upload.resumeFromPreviousUpload(earlier);
  }
  upload.start();
  return one;
}

// The line, another request (409, 423), too many of them or a server that is down: later it may do.
function passes(error) {
  const status = error.originalResponse?.getStatus() ?? 0;
  return status < 400 || status >= 500 || [409, 423, 429].includes(status);
}

let loading;
function library() {
  loading ??= import(form.dataset.tus).then(() => window.tus);
  return loading;
}

// --- handing in waits for what is under way ---

let waiting = null;

function holdBack(event) {
  if (!underway.size || event.submitter?.formNoValidate) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  // A recording that waits for the worker's word is meant; one that is too short says so itself.
  const ready = [...form.querySelectorAll("[data-upload]")].map((box) =>
    box.dispatchEvent(new CustomEvent("tukro:hand-in", { cancelable: true })),
  );
  if (ready.includes(false)) return;
  waiting = { button: event.submitter };
  words.querySelector("span").textContent = words.dataset.hold;
  words.hidden = false;
}

function release() {
  if (underway.size || !waiting) return;
  const { button } = waiting;
  waiting = null;
  words.hidden = true;
  form.requestSubmit(button);
}

// --- what is seen ---

function added(box, template, name) {
  const line = document.getElementById(template).content.firstElementChild.cloneNode(true);
  line.querySelector("[data-name]").textContent = name;
  box.querySelector("[data-files]").append(line);
  showRoom(box);
  return line;
}

function addKept(box, id, name) {
  const line = added(box, "kept-line", name);
  line.querySelector("a").href = form.dataset.file.replace("FILE", id);
  line.querySelector("button").value = id;
}

function room(box) {
  return Number(box.dataset.most) - box.querySelectorAll("[data-files] > li:not([data-over])").length;
}

function showRoom(box) {
  const choose = box.querySelector("[data-choose]");
  if (choose) choose.hidden = room(box) < 1;
}

function showProgress(line, sent, whole) {
  line.querySelector("progress").value = whole ? Math.round((100 * sent) / whole) : 0;
}

function say(line, text) {
  line.querySelector("[data-say]").textContent = text;
}

function fail(line, text) {
  line.dataset.over = "";
  line.querySelector("[data-cancel]").textContent = words.dataset.remove;
  line.querySelector("progress").hidden = true;
  line.querySelector("[data-say]").className = "error";
  say(line, text);
  showRoom(line.closest("[data-upload]"));
}

function tell(box, name, text) {
  const line = added(box, "sending-line", name);
  fail(line, text);
  onRemove(box, line, () => {});
}

function onRemove(box, line, act) {
  line.querySelector("[data-cancel]").addEventListener("click", () => {
    act();
    line.remove();
    showRoom(box);
  });
}

// What could not be sent was read when its worker goes on.
function forgetFailed(box) {
  for (const line of box.querySelectorAll("li[data-over]")) line.remove();
}

function messageOf(error) {
  try {
    return JSON.parse(error.originalResponse.getBody()).message;
  } catch {
    return words.dataset.failed;
  }
}

// --- pictures ---

const LONGEST_SIDE = 2000;

// A photo of a phone has twelve million dots and says where it was taken; what is asked for needs neither.
async function shrunk(file, kind) {
  if (kind === "audio" || !/^image\/(jpeg|png|webp|bmp|heic|heif)/.test(file.type)) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    if (!made || made.size >= file.size) return file;
    return new File([made], file.name, { type: made.type, lastModified: file.lastModified });
  } catch {
    return file; // the browser cannot read it; the server looks at it itself
  }
}

// --- the browser's own store: files whose upload has not ended ---

const DAY = 24 * 3600 * 1000;

async function goOn() {
  for (const { key, assignment, field, file, at } of (await store("readonly", (kept) => kept.getAll())) ?? []) {
    if (at < Date.now() - DAY) forget(key);
    if (assignment !== form.dataset.assignment) continue;
    const box = [...form.querySelectorAll("[data-upload]")].find((one) => one.dataset.upload === field);
    if (box && room(box) > 0) take(box, file, key);
    else forget(key);
  }
}

function forget(key) {
  return store("readwrite", (kept) => kept.delete(key));
}

// A store that cannot be used (private windows) costs the way back after a reload, nothing else.
function store(mode, act) {
  return new Promise((done) => {
    const opening = indexedDB.open("tukro-uploads", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("files", { keyPath: "key" });
    opening.onerror = () => done(null);
    opening.onsuccess = () => {
      const change = opening.result.transaction("files", mode);
      const asked = act(change.objectStore("files"));
      change.oncomplete = () => done(asked.result);
      change.onabort = change.onerror = () => done(null);
    };
  });
}
