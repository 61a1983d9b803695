// The page of a certificate: runs the check when it opens, and shows what came of it.

import { moment } from "./days.js";
import { readPage } from "./reading.js";
import { Register } from "./register.js";
import { check } from "./steps.js";
import { addressOf, isCause, steps, verdict } from "./verdict.js";
import { arrival, say, served, speak, startLanguages, tongue, write } from "./words.js";

/** Shows how a step ended, in its place of a list of steps. */
export function showStep(list, step, { end, cause = end, why, values }) {
  const place = list.querySelector(`[data-step="${step}"]`);
  // A certificate that does not hold any more did not pass, however genuine it is.
  const result = ["passed", "running"].includes(end) ? end : isCause(cause) ? "open" : "failed";
  place.dataset.result = result;
  speak(place.querySelector("em"), `steps.${result}`);
  if (why) speak(place.querySelector("span"), why, values);
}

// MARK: This page

const main = document.querySelector("main.certificate");

const stacks = () => main.querySelectorAll(".verdict .stack");
const sign = main?.querySelector(".sign use");
// Shown on paper alone.
const unasked = main?.querySelector(".unasked");
const statedSign = `#sign-${main?.dataset.status === "valid" ? "stated" : main?.dataset.status}`;

/** Puts back what the page states: a page that was kept tells of a check of another time. */
function forget() {
  delete main.dataset.verdict;
  for (const stack of stacks()) {
    const room = stack.querySelector("[data-case=stated]");
    if (!room) continue;
    const place = stack.firstElementChild;
    place.replaceChildren(...room.childNodes);
    place.dataset.t = room.dataset.t;
    room.remove();
    write(place);
  }
  sign.setAttribute("href", statedSign);
  unasked.hidden = false;
  main.querySelector("[role=status].away").textContent = "";
}

/** Shows the title of a case, and the sentence of one. */
function showVerdict(...cases) {
  stacks().forEach((stack, at) => {
    const mould = stack.querySelector(`[data-case="${cases[at]}"]`);
    if (!mould) return;
    const place = stack.firstElementChild;
    const second = Object.assign(document.createElement("i"), { lang: "id", textContent: mould.dataset.id });
    // What stood there keeps its room under the new words.
    const room = Object.assign(document.createElement("p"), { className: mould.className });
    Object.assign(room.dataset, { case: "stated", t: place.dataset.t });
    room.append(...place.childNodes);
    stack.append(room);
    place.replaceChildren(" ", second);
    if (mould.dataset.again) {
      second.before(document.createElement("a"), " ");
      second.previousElementSibling.href = "";
      speak(second.previousElementSibling, "verdict.again");
    }
    speak(place, mould.dataset.t);
  });
}

/** Fills a sentence that stands in two languages. */
function fillBoth(paragraph, values) {
  speak(paragraph.firstElementChild, paragraph.firstElementChild.dataset.t, values);
  const second = paragraph.querySelector("[lang]");
  second.dataset.sentence ??= second.textContent;
  second.textContent = second.dataset.sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name]);
  paragraph.hidden = false;
}

let turn = 0;

async function checkThisPage() {
  const mine = ++turn;
  forget();
  const page = readPage(document);
  const address = addressOf(location, page.host);
  const isCopy = ["other", "loopback"].includes(address);
  if (address === "other") fillBoth(main.querySelector(".elsewhere"), { host: location.host || location.protocol });
  const list = main.querySelector(".stages");
  const outcome = main.querySelector(".outcome");
  const title = main.querySelector("h1").dataset.t;
  outcome.replaceChildren();
  speak(outcome, "verdict.running");
  for (const step of steps) showStep(list, step, { end: "running" });
  const report = (step, end) => mine === turn && showStep(list, step, end);
  const endings = await check({ page, address: address === "file" ? "" : location.pathname }, new Register(page.host), report);
  if (mine !== turn) return;
  const { name, isWhole, cause } = verdict(endings, address);
  showVerdict(address === "loopback" ? "preview" : name, name);
  sign.setAttribute("href", name === "copy" ? "#sign-unchecked" : `#sign-${name}`);
  main.dataset.verdict = name;
  unasked.hidden = !isCopy && !cause;
  const done = Object.values(endings).filter(({ end }) => end === "passed").length;
  const says = ["verdict.says", { title: () => say(title) }];
  const tally = [done === steps.length ? "verdict.all_passed" : "verdict.some_passed", { ...moment(), done, all: steps.length }];
  const { why, values } = Object.values(endings).find(({ end }) => end === cause) ?? {};
  // What the steps of a copy say counts for nothing.
  const [first, second] = isCopy ? [says] : cause ? [[why, values], says] : [tally, isWhole ? undefined : ["verdict.not_all"]];
  speak(outcome, ...first);
  if (second) {
    outcome.append(" ", document.createElement("span"));
    speak(outcome.lastElementChild, ...second);
  }
  // What is heard is not said again in another language.
  await arrival;
  const heard = [...main.querySelectorAll("h1, .sentence, .outcome")].map((each) => (each === outcome ? each.textContent : each.firstChild.data).trim());
  main.querySelector("[role=status].away").textContent = heard.join(" ");
}

function addTicks() {
  const list = main.querySelector(".lines");
  // A page that a browser saved has those of its reader.
  list.querySelectorAll(".tick").forEach((old) => old.remove());
  const ticks = [...list.children].map((line) => {
    const tick = document.createElement("input");
    tick.type = "checkbox";
    tick.autocomplete = "off";
    tick.addEventListener("change", () => {
      fillBoth(main.querySelector(".tally"), { done: ticks.filter((each) => each.checked).length, all: ticks.length });
    });
    const cell = document.createElement("dd");
    cell.className = "tick";
    cell.append(tick);
    line.append(cell);
    return tick;
  });
  const name = () => {
    for (const tick of ticks) {
      tick.setAttribute("aria-label", `${say("certificate.same")}: ${tick.closest(".line").querySelector("dt").firstChild.data.trim()}`);
    }
  };
  served.set("certificate.same", list.dataset.same);
  document.addEventListener("words", name);
  name();
}

// The check waits for nothing that has to do with languages.
if (main) {
  checkThisPage();
  addEventListener("pageshow", ({ persisted }) => persisted && checkThisPage());
}
if (tongue?.options.length) startLanguages();
if (main) addTicks();
