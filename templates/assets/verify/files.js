// Files and QR codes on /verify/: chosen, dropped or seen by the camera. All of it is read here; what
// goes over the network is only the question for the register's own files.

import { moment, Register, setSentence, showDates, showStep, signs, titleKey } from "./certificate-1.js";
import { examineFile } from "./examine.js";

const { host } = document.querySelector("form.check").dataset;
const box = document.querySelector("form.check");

// MARK: Files

const tool = document.querySelector("#file").closest(".tool");
const found = tool.querySelector(".found");
let turn = 0;

// What a file turns out to be says more than the verdict's own sentence.
const telling = ["steps.file.unknown", "steps.file.alone", "steps.file.page"];

async function show(file) {
  const mine = ++turn;
  const answer = document.createElement("div");
  answer.append(document.querySelector("#answer").content.cloneNode(true));
  const list = answer.querySelector(".stages");
  list.prepend(document.querySelector("#file-step").content.cloneNode(true));
  const [title, who, sentence, when, link] = ["h3", ".who bdi", ".sentence", ".when", "a"].map((part) => answer.querySelector(part));
  setSentence(title, "steps.running");
  setSentence(sentence, "verdict.running");
  link.parentElement.hidden = true;
  found.replaceChildren(answer);
  const bytes = new Uint8Array(await file.arrayBuffer());
  const { name, folder, record, endings } = await examineFile(bytes, new Register(host), (step, end) => showStep(list, step, end));
  if (mine !== turn) return;
  answer.dataset.verdict = name;
  answer.querySelector(".sign path").setAttribute("d", signs[name] ?? signs.unchecked);
  setSentence(title, titleKey(name), record);
  setSentence(sentence, telling.find((each) => each === endings.file.why) ?? `verdict.${name}.sentence`, record);
  setSentence(when, "verdict.checked", moment());
  if (endings.dates) showDates(list, name, endings.dates);
  for (const stage of [...list.children]) if (!endings[stage.dataset.step]) stage.remove();
  if (record) who.textContent = `${record.holder}, ${record.number}`;
  if (record) link.href = folder;
  link.parentElement.hidden = !record;
}

/** Takes files from a button, and from a drop anywhere on a tool. */
export function take(place, input, use) {
  input.addEventListener("change", () => {
    const [file] = input.files;
    if (file) use(file);
    input.value = "";
  });
  for (const kind of ["dragover", "drop"]) {
    place.addEventListener(kind, (event) => {
      event.preventDefault();
      const [file] = kind === "drop" ? event.dataTransfer.files : [];
      if (file) use(file);
    });
  }
}

take(tool, document.querySelector("#file"), (file) => (file.type.startsWith("image/") ? lookAt(file) : show(file)));

// MARK: QR codes

const tools = document.querySelector(".qr-tools");
const video = tools.querySelector("video");
const camera = tools.querySelector("button");
const heard = tools.querySelector(".qr-answer");
let detector;

async function prepare() {
  const formats = (await globalThis.BarcodeDetector?.getSupportedFormats?.()) ?? [];
  if (!formats.includes("qr_code")) return;
  detector = new BarcodeDetector({ formats: ["qr_code"] });
  document.querySelector(".qr-none").hidden = true;
  tools.hidden = false;
  camera.hidden = !navigator.mediaDevices;
}

/** Puts what a QR code says into the box, which knows what is a code and what is not. */
function enter(text) {
  box.dispatchEvent(new CustomEvent("code", { detail: text }));
  box.scrollIntoView({ block: "nearest" });
}

async function lookAt(file) {
  try {
    const [code] = await detector.detect(await createImageBitmap(file));
    if (code) return enter(code.rawValue);
  } catch {
    // No picture, or none that this browser can open.
  }
  if (detector) return setSentence(heard, "verify.qr_nothing");
  // Said once, however many pictures are tried.
  found.replaceChildren(document.createElement("p"));
  return setSentence(found.firstElementChild, "verify.qr_none");
}

function stop() {
  for (const track of video.srcObject?.getTracks() ?? []) track.stop();
  video.srcObject = null;
  video.hidden = true;
  setSentence(camera, "verify.qr_camera");
  heard.replaceChildren();
}

async function watch() {
  if (video.srcObject) return stop();
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    return setSentence(heard, "verify.qr_denied");
  }
  video.hidden = false;
  setSentence(camera, "verify.qr_stop");
  setSentence(heard, "verify.qr_hold");
  await video.play();
  video.scrollIntoView({ block: "center" });
  while (video.srcObject) {
    const [code] = await detector.detect(video).catch(() => []);
    if (code && video.srcObject) {
      stop();
      return enter(code.rawValue);
    }
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

camera.addEventListener("click", watch);
addEventListener("pagehide", stop);
// A page that comes back would tell of a check of another time.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  turn += 1;
  found.replaceChildren();
});
take(tools, document.querySelector("#photo"), lookAt);
prepare();
