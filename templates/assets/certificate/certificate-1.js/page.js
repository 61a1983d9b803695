// The page of a certificate: runs the check when it opens, and shows what came of it.

import { moment } from "./days.js";
import { bilingual, element, setBilingual, spoken } from "./elements.js";
import { readPage } from "./reading.js";
import { Register } from "./register.js";
import { addTools, setStamp } from "./tools.js";
import { check } from "./steps.js";
import { addressOf, isCause, steps, titleKey, verdict } from "./verdict.js";
import { languageSelect, sentenceFor, setSentence, startLanguages, termFor } from "./words.js";

/** The lines of each verdict's sign. */
export const signs = {
  stated: "M24 3l17 6v14c0 11-7 18-17 22C14 41 7 34 7 23V9z",
  valid: "M24 3l17 6v14c0 11-7 18-17 22C14 41 7 34 7 23V9zM15 24l7 7 12-14",
  expired: "M11 4h26M11 44h26M14 4c0 11 8 14 8 20s-8 9-8 20M34 4c0 11-8 14-8 20s8 9 8 20M18 40c1-5 4-7 6-9 2 2 5 4 6 9z",
  suspended: "M4 24a20 20 0 1 0 40 0a20 20 0 1 0-40 0M18 15v18M30 15v18",
  revoked: "M15.5 3.5h17l12 12v17l-12 12h-17l-12-12v-17zM16 16l16 16M32 16L16 32",
  superseded: "M5 5h24v32H5zM35 13h8v30H19M11 21h11M17 15l6 6-6 6",
  not_genuine: "M24 4l21 38H3zM24 17v12M24 35v.5",
  erased: "M10 4h20l8 8v32H10zM30 4v8h8M17 28h14",
  not_found: "M31 31l13 13M20 4a16 16 0 1 1 0 32 16 16 0 0 1 0-32zM14 14l12 12M26 14L14 26",
  unchecked: "M9 10l5-4M19 4h8M33 6l6 5M42 16l2 8M43 29l-3 8M35 41l-7 3M22 44l-8-2M9 38l-4-7M4 25l2-9M18 19c0-8 12-8 12 0 0 5-6 5-6 10M24 35v.5",
};

/** Shows how a step ended, in its place of a list of steps. */
export function showStep(list, step, { end, cause = end, why, values }) {
  const place = list.querySelector(`[data-step="${step}"]`);
  // A certificate that does not hold any more did not pass, however genuine it is.
  const result = ["passed", "running", "void"].includes(end) ? end : isCause(cause) ? "open" : "failed";
  place.dataset.result = result;
  setSentence(place.querySelector("em"), `steps.${result}`);
  if (why) setSentence(place.querySelector("span"), why, values);
}

/** Shows how the days ended, once the verdict is known: they count for nothing where a status is the reason. */
export function showDates(list, name, ending) {
  const isVoid = ["revoked", "superseded", "suspended"].includes(name) && ["passed", "expired"].includes(ending.end);
  showStep(list, "dates", isVoid ? { ...ending, end: "void", why: "steps.dates.void" } : ending);
}

// MARK: This page

const main = document.querySelector("main.certificate");
const box = main?.querySelector(".verdict");
const title = main?.querySelector("h1");
const stated = main?.dataset.status;

/**
 * Writes into the box, where nothing moves: the title and the box stay as high as they are, words that are
 * longer are set smaller, and what comes below the claim comes in elements of its own.
 */
function writeVerdict(write) {
  const heights = [title, box].map((each) => each.getBoundingClientRect().height);
  write();
  [title, box].forEach((each, at) => {
    each.style.minHeight = `${heights[at]}px`;
    for (let size = 100; size >= 70; size -= 2) {
      each.style.setProperty(each === title ? "--title" : "--words", size / 100);
      if (each.getBoundingClientRect().height <= heights[at] + 0.01) break;
    }
  });
}

function releaseHeights() {
  for (const each of [title, box]) each.removeAttribute("style");
}

function writeTitle(key) {
  if (title.dataset.t === key) return;
  title.replaceChildren(" ", Object.assign(element("i"), { lang: "id" }));
  setBilingual(title, key);
}

const gap = () => Object.assign(element("span", " "), { className: "gap" });

function writeOutcome(...content) {
  const made = element("p", ...content);
  made.className = "outcome";
  box.querySelector(".outcome").replaceWith(made);
  return made;
}

/** What the page states, before it was checked: also where a browser kept what another check wrote. */
function showStated() {
  delete main.dataset.verdict;
  box.setAttribute("aria-busy", "true");
  box.querySelector(".sign path").setAttribute("d", signs[stated === "valid" ? "stated" : stated]);
  writeTitle(`verdict.${stated}.title`);
  box.querySelectorAll(".found").forEach((old) => old.remove());
  writeOutcome(bilingual("b", "verdict.not_checked"), " ", spoken("span", "verdict.running"));
  setStamp(main, stated);
}

/** The list of steps, in one line that opens. */
function addSteps() {
  const place = main.querySelector(".checks");
  place.querySelector("details")?.remove();
  const list = element("ol", ...steps.map((step) => {
    const line = element("li", element("strong"), " ", element("em"), " ", element("span"));
    line.dataset.step = step;
    setSentence(line.querySelector("strong"), `steps.${step}.name`);
    setSentence(line.querySelector("span"), `steps.${step}.what`);
    return line;
  }));
  list.className = "stages";
  const how = Object.assign(spoken("a", "steps.how"), { href: "/trust/#hand" });
  place.append(element("details", element("summary", element("span")), list, element("p", how)));
  return list;
}

let latestCheck = 0;

async function checkThisPage() {
  const thisCheck = ++latestCheck;
  const page = readPage(document);
  const address = addressOf(location, page.host);
  const list = addSteps();
  const summary = list.parentElement.querySelector("summary span");
  setSentence(summary, "verdict.running");
  writeVerdict(showStated);
  for (const step of steps) showStep(list, step, { end: "running" });
  // Whether the days count is known once the status is.
  const report = (step, end) => thisCheck === latestCheck && step !== "dates" && showStep(list, step, end);
  const endings = await check({ page, address: address === "file" ? "" : location.pathname }, new Register(page.host), report);
  if (thisCheck !== latestCheck) return;
  const found = verdict(endings, address);
  showDates(list, found.name, endings.dates);
  const done = Object.values(endings).filter(({ end }) => end === "passed").length;
  setSentence(summary, done === steps.length ? "steps.all_passed" : "steps.each", { all: steps.length });
  list.parentElement.open = done < steps.length;
  writeVerdict(() => showFound(found, address, endings));
  box.setAttribute("aria-busy", "false");
  addTools(main, found.name);
}

/** Shows the verdict: its title and sign, what to do, and when it was checked or why it could not be. */
function showFound({ name, isWhole, cause }, address, endings) {
  main.dataset.verdict = name;
  box.querySelector(".sign path").setAttribute("d", signs[name === "copy" ? "unchecked" : name]);
  const isCopy = name === "copy";
  const isPreview = isCopy && address === "loopback";
  const says = spoken("span", "verdict.says", { title: () => sentenceFor(`verdict.${stated}.title`) });
  const sentence = (key, values) => {
    const made = bilingual("p", key, values);
    made.classList.add("found");
    box.querySelector(".outcome").before(made);
    return made;
  };
  if (name !== stated) writeTitle(isPreview ? "verdict.copy.preview" : titleKey(name));
  setStamp(main, name);
  if (isCopy) {
    writeOutcome(bilingual("b", "verdict.not_checked"), " ", says);
    sentence(isPreview ? "verdict.copy.sentence" : "certificate.elsewhere", { host: location.host || location.protocol }).append(" ", official());
    return;
  }
  if (cause) {
    const { why, values } = Object.values(endings).find(({ end }) => end === cause);
    const words = [spoken("span", "verdict.unchecked.sentence"), spoken("span", why, values), says, again()];
    writeOutcome(bilingual("b", "verdict.not_checked"), ...words.flatMap((each) => [gap(), each]));
    return;
  }
  const checked = spoken("span", name === "valid" ? "verdict.all_passed" : "verdict.checked", { ...moment(), all: steps.length });
  const outcome = writeOutcome(checked);
  if (!["valid", stated].includes(name)) sentence(`verdict.${name}.sentence`);
  if (name === "valid") outcome.append(gap(), spoken("span", "verdict.compare"));
  if (!isWhole) outcome.append(gap(), spoken("span", "verdict.not_all"));
}

const again = () => Object.assign(spoken("a", "verdict.again"), { href: "" });

function official() {
  const link = main.querySelector("[data-field=url]").cloneNode(true);
  delete link.dataset.field;
  link.dir = "ltr";
  return link;
}

/** A tick at every printed line, and how many are set. */
function addTicks() {
  const list = main.querySelector(".lines");
  // A page that a browser saved has those of its reader.
  main.querySelectorAll(".tick, .tally").forEach((old) => old.remove());
  const tally = bilingual("p", "certificate.tally", { done: 0, all: 0 });
  Object.assign(tally, { className: "tally", hidden: true });
  tally.setAttribute("role", "status");
  list.after(tally);
  const ticks = [...list.children].map((line) => {
    const tick = document.createElement("input");
    tick.type = "checkbox";
    tick.autocomplete = "off";
    tick.addEventListener("change", () => {
      setBilingual(tally, "certificate.tally", { done: ticks.filter((each) => each.checked).length, all: ticks.length });
      tally.hidden = false;
    });
    const cell = element("dd", tick);
    cell.className = "tick";
    line.append(cell);
    return tick;
  });
  const name = () => {
    for (const tick of ticks) {
      tick.setAttribute("aria-label", sentenceFor("certificate.same", { line: tick.closest(".line").querySelector("dt").firstChild.data.trim() }));
    }
  };
  document.addEventListener("words", name);
  name();
}

/** Titles in the visitor's language, beside those that are printed. */
function showTerms() {
  main.querySelectorAll(".term").forEach((old) => old.remove());
  for (const printed of main.querySelectorAll("[data-field=title-en], .units [lang=en]")) {
    const term = termFor(printed.textContent);
    if (term) printed.parentElement.append(Object.assign(element("bdi", term), { className: "term" }));
  }
}

document.documentElement.classList.add("script");
if (main) {
  setSentence(main.querySelector(".by"), "certificate.by", { issuer: main.querySelector("[data-field=issuer]").textContent });
  // The check waits for nothing that has to do with languages.
  checkThisPage();
  addEventListener("pageshow", ({ persisted }) => persisted && checkThisPage());
  addEventListener("resize", releaseHeights);
  document.addEventListener("words", () => {
    showTerms();
    releaseHeights();
  });
}
if (languageSelect?.options.length) startLanguages();
if (main) addTicks();
