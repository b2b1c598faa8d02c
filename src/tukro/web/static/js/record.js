// Recording a voice in the page: level, time, listen, again. The sound goes to the server while it is recorded
// (js/upload.js) and is kept when the worker says so. Where a browser cannot record, a file is chosen as ever.

const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const QUIET = 0.01; // of full loudness; what stays below it for the first seconds is no voice

for (const part of document.querySelectorAll("[data-recorder]")) {
  if (window.MediaRecorder && navigator.mediaDevices?.getUserMedia) prepare(part);
}

function prepare(part) {
  const box = part.closest("[data-upload]");
  const find = (name) => part.querySelector(`[data-${name}]`);
  const said = find("say");
  const low = Number(part.dataset.low);
  const high = Number(part.dataset.high);
  let take = null; // what is being recorded, or waits for the worker's word
  part.hidden = false;

  find("record").addEventListener("click", start);
  find("stop").addEventListener("click", () => take?.recorder.stop());
  find("anew").addEventListener("click", () => {
    drop();
    start();
  });
  find("use").addEventListener("click", use);

  box.addEventListener("tukro:hand-in", (event) => {
    if (!take) return;
    if (take.seconds < low) {
      event.preventDefault();
      say("short");
    } else if (take.file) use();
    else {
      take.atOnce = true;
      take.recorder.stop();
    }
  });

  async function start() {
    say("");
    let microphone;
    try {
      microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      say("denied");
      return;
    }
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    const recorder = new MediaRecorder(microphone, { mimeType, audioBitsPerSecond: 32_000 });
    take = { recorder, pieces: [], seconds: 0, name: `voice.${ending(recorder.mimeType)}` };
    const own = take;
    stream(own);
    const began = performance.now();
    const loudness = meter(microphone);
    const clock = setInterval(() => {
      own.seconds = (performance.now() - began) / 1000;
      find("time").textContent = inDigits(clockTime(own.seconds));
      find("level").value = Math.min(1, loudness.now() * 4);
      if (own.seconds > 3 && loudness.loudest < QUIET) say("silent");
      if (own.seconds >= high && recorder.state === "recording") {
        recorder.stop();
        say("full");
      }
    }, 100);
    recorder.addEventListener("dataavailable", ({ data }) => {
      own.pieces.push(data);
      data.arrayBuffer().then((bytes) => own.flow?.enqueue(new Uint8Array(bytes)));
    });
    recorder.addEventListener("stop", () => {
      clearInterval(clock);
      loudness.close();
      for (const track of microphone.getTracks()) track.stop();
      show(false);
      listen(own);
    });
    recorder.start(1000);
    show(true);
  }

  // The pieces go on their way as they come. The stream stays open until the worker keeps the recording.
  function stream(own) {
    const flowing = new ReadableStream({ start: (flow) => (own.flow = flow) });
    own.sending = { source: flowing.getReader(), name: own.name };
    own.sending.failed = () => {
      own.flow = null; // the whole goes as a file when it is kept
      if (own.kept) whole(own);
    };
    own.sending.kept = () => say("");
    own.started = false;
  }

  function listen(own) {
    const sound = new Blob(own.pieces, { type: own.recorder.mimeType });
    own.file = new File([sound], own.name, { type: sound.type.split(";")[0] });
    const player = part.querySelector("audio");
    if (player.src) URL.revokeObjectURL(player.src);
    player.src = URL.createObjectURL(sound);
    find("listen").hidden = false;
    const short = own.seconds < low;
    find("use").disabled = short;
    if (short) say("short");
    if (own.atOnce) use();
    else (short ? find("anew") : find("use")).focus();
  }

  function use() {
    const own = take;
    take = null;
    own.kept = true;
    find("listen").hidden = true;
    find("record").hidden = false;
    say("sending");
    if (own.flow) own.flow.close();
    else whole(own);
  }

  function whole(own) {
    say("");
    box.dispatchEvent(new CustomEvent("tukro:file", { detail: own.file }));
  }

  function drop() {
    take?.sending.cancel?.();
    take = null;
    find("listen").hidden = true;
  }

  function show(recording) {
    find("record").hidden = recording || Boolean(take);
    find("stop").hidden = find("time").hidden = find("level").hidden = !recording;
    if (recording) {
      find("time").textContent = inDigits("0:00");
      box.dispatchEvent(new CustomEvent("tukro:carry", { detail: take.sending }));
      find("stop").focus();
    }
  }

  function say(what) {
    said.textContent = what ? said.dataset[what] : "";
  }

  function clockTime(seconds) {
    return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds) % 60).padStart(2, "0")}`;
  }

  function inDigits(text) {
    return text.replace(/[0-9]/g, (digit) => part.dataset.digits[digit]);
  }
}

function ending(type) {
  return { "audio/mp4": "m4a", "audio/ogg": "ogg" }[type.split(";")[0]] ?? "webm";
}

function meter(microphone) {
  const context = new AudioContext();
  const heard = context.createAnalyser();
  heard.fftSize = 1024;
  context.createMediaStreamSource(microphone).connect(heard);
  const wave = new Float32Array(heard.fftSize);
  const level = {
    loudest: 0,
    now() {
      heard.getFloatTimeDomainData(wave);
      const loud = Math.sqrt(wave.reduce((sum, one) => sum + one * one, 0) / wave.length);
      level.loudest = Math.max(level.loudest, loud);
      return loud;
    },
    close: () => context.close(),
  };
  return level;
}
