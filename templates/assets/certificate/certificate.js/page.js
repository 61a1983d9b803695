// The page of a certificate: runs the check when it opens, and shows what came of it.

import { moment } from "./days.js";
import { readPage } from "./reading.js";
import { Register } from "./register.js";
import { check } from "./steps.js";
import { addressOf, isCause, steps, verdict } from "./verdict.js";
import { defaultWords, initialChoice, languageSelect, sentenceFor, setSentence, startLanguages, writeSentence } from "./words.js";

/** Shows how a step ended, in its place of a list of steps. */
export function showStep(list, step, { end, cause = end, why, values }) {
  const place = list.querySelector(`[data-step="${step}"]`);
  // A certificate that does not hold any more did not pass, however genuine it is.
  const result = ["passed", "running"].includes(end) ? end : isCause(cause) ? "open" : "failed";
  place.dataset.result = result;
  setSentence(place.querySelector("em"), `steps.${result}`);
  if (why) setSentence(place.querySelector("span"), why, values);
}

// MARK: This page

const main = document.querySelector("main.certificate");

const stacks = () => main.querySelectorAll(".verdict .stack");
const verdictIcon = main?.querySelector(".sign use");
// Shown on paper alone.
const paperNote = main?.querySelector(".unasked");
const statedIcon = `#sign-${main?.dataset.status === "valid" ? "stated" : main?.dataset.status}`;

/** Puts back what the page states: a page that was kept tells of a check of another time. */
function restoreStatedVerdict() {
  delete main.dataset.verdict;
  for (const stack of stacks()) {
    const stated = stack.querySelector("[data-case=stated]");
    if (!stated) continue;
    const place = stack.firstElementChild;
    place.replaceChildren(...stated.childNodes);
    place.dataset.t = stated.dataset.t;
    stated.remove();
    writeSentence(place);
  }
  verdictIcon.setAttribute("href", statedIcon);
  paperNote.hidden = false;
  main.querySelector("[role=status].away").textContent = "";
}

/** Shows the title of a case, and the sentence of one. */
function showVerdict(...cases) {
  stacks().forEach((stack, at) => {
    const wording = stack.querySelector(`[data-case="${cases[at]}"]`);
    if (!wording) return;
    const place = stack.firstElementChild;
    const second = Object.assign(document.createElement("i"), { lang: "id", textContent: wording.dataset.id });
    // What stood there keeps its room under the new words.
    const stated = Object.assign(document.createElement("p"), { className: wording.className });
    Object.assign(stated.dataset, { case: "stated", t: place.dataset.t });
    stated.append(...place.childNodes);
    stack.append(stated);
    place.replaceChildren(" ", second);
    if (wording.dataset.again) {
      second.before(document.createElement("a"), " ");
      second.previousElementSibling.href = "";
      setSentence(second.previousElementSibling, "verdict.again");
    }
    setSentence(place, wording.dataset.t);
  });
}

/** Fills a sentence that stands in two languages. */
function fillBoth(paragraph, values) {
  setSentence(paragraph.firstElementChild, paragraph.firstElementChild.dataset.t, values);
  const second = paragraph.querySelector("[lang]");
  second.dataset.sentence ??= second.textContent;
  second.textContent = second.dataset.sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name]);
  paragraph.hidden = false;
}

let latestCheck = 0;

async function checkThisPage() {
  const thisCheck = ++latestCheck;
  restoreStatedVerdict();
  const page = readPage(document);
  const address = addressOf(location, page.host);
  const isCopy = ["other", "loopback"].includes(address);
  if (address === "other") fillBoth(main.querySelector(".elsewhere"), { host: location.host || location.protocol });
  const list = main.querySelector(".stages");
  const outcome = main.querySelector(".outcome");
  const title = main.querySelector("h1").dataset.t;
  outcome.replaceChildren();
  setSentence(outcome, "verdict.running");
  for (const step of steps) showStep(list, step, { end: "running" });
  const report = (step, end) => thisCheck === latestCheck && showStep(list, step, end);
  const endings = await check({ page, address: address === "file" ? "" : location.pathname }, new Register(page.host), report);
  if (thisCheck !== latestCheck) return;
  const { name, isWhole, cause } = verdict(endings, address);
  showVerdict(address === "loopback" ? "preview" : name, name);
  verdictIcon.setAttribute("href", name === "copy" ? "#sign-unchecked" : `#sign-${name}`);
  main.dataset.verdict = name;
  paperNote.hidden = !isCopy && !cause;
  const done = Object.values(endings).filter(({ end }) => end === "passed").length;
  const says = ["verdict.says", { title: () => sentenceFor(title) }];
  const tally = [done === steps.length ? "verdict.all_passed" : "verdict.some_passed", { ...moment(), done, all: steps.length }];
  const { why, values } = Object.values(endings).find(({ end }) => end === cause) ?? {};
  // What the steps of a copy say counts for nothing.
  const [first, second] = isCopy ? [says] : cause ? [[why, values], says] : [tally, isWhole ? undefined : ["verdict.not_all"]];
  setSentence(outcome, ...first);
  if (second) {
    outcome.append(" ", document.createElement("span"));
    setSentence(outcome.lastElementChild, ...second);
  }
  // What is heard is not said again in another language.
  await initialChoice;
  const announced = [...main.querySelectorAll("h1, .sentence, .outcome")].map((each) => (each === outcome ? each.textContent : each.firstChild.data).trim());
  main.querySelector("[role=status].away").textContent = announced.join(" ");
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
      tick.setAttribute("aria-label", `${sentenceFor("certificate.same")}: ${tick.closest(".line").querySelector("dt").firstChild.data.trim()}`);
    }
  };
  defaultWords.set("certificate.same", list.dataset.same);
  document.addEventListener("words", name);
  name();
}

// The check waits for nothing that has to do with languages.
if (main) {
  checkThisPage();
  addEventListener("pageshow", ({ persisted }) => persisted && checkThisPage());
}
if (languageSelect?.options.length) startLanguages();
if (main) addTicks();
