// A list of codes on /verify/: each certificate is checked as its own page would check it, some at a
// time. Keys, log and status lists are asked for once.

import { canonical, ending, fingerprintOf, moment, nameKey, Register, setSentence } from "./certificate-1.js";
import { examineCode } from "./examine.js";
import { take } from "./files.js";
import { read } from "./code.js";

const most = 500;
const atOnce = 8;
const columns = ["line", "verdict", "code", "number", "holder", "expires", "reason"];

const { host } = document.querySelector("form.check").dataset;
const form = document.querySelector("form.list");
const text = form.querySelector("textarea");
const answer = document.querySelector(".list-answer");
const results = document.querySelector(".results");
const progress = results.querySelector("progress");
const body = results.querySelector("tbody");
const stop = results.querySelector(".stop");
const download = results.querySelector(".csv");
let rows = [];
let sorting = { key: "line", down: false };
let turn = 0;

/** The codes of a text: of each line, or of a table's row, the first thing that is one. */
function readLines(text) {
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\r|\n/).map((line, at) => ({ line: at + 1, text: line.trim() })).filter((line) => line.text);
  const codes = lines.map((line) => {
    const whole = read(line.text);
    if (whole.code) return { ...line, ...whole };
    const cells = line.text.split(/[,;\t]/).map(read);
    const first = cells.find(({ code }) => code) ?? whole;
    // A cell may hold the fingerprint, or the address, of the code in another one.
    return Object.assign({ ...line, ...first }, ...cells.filter(({ code }) => code && code === first.code));
  });
  // The first line of a table names its columns.
  const isTitled = codes.length > 1 && !codes[0].code && codes[1].code && /[,;\t]/.test(codes[0].text);
  return isTitled ? codes.slice(1) : codes;
}

const key = (name) => (name.includes(".") ? name : nameKey(name));

// What is worst stands first when the list is sorted by verdict.
const order = ["not_genuine", "not_found", "erased", "revoked", "suspended", "superseded", "expired", "unchecked", "copy", "verify.no_code", "valid", "verify.waiting"];

/** Why it is not simply valid: the sentence of the step that decided it. */
function reasonOf({ endings, name, cause, why, values }) {
  if (["not_found", "erased", "copy"].includes(name)) return [`verdict.${name}.sentence`];
  const decided = Object.values(endings).find(({ end }) => end === { not_genuine: "failed", unchecked: cause }[name] || end === name);
  if (decided) return [decided.why, decided.values];
  return why ? [why, values] : undefined;
}

/** What a line says that its certificate does not: another host, or other digits at the end of the fingerprint. */
async function differenceOf({ fingerprint, host: named }, { name, record }) {
  if (named && named !== host && named !== location.host && name !== "not_found") return { name: "copy", reason: ["check.foreign", { found: named, host }] };
  if (!fingerprint || !record) return {};
  const { hash = fingerprint } = await ending(async () => ({ hash: await fingerprintOf(new TextEncoder().encode(canonical(record))) }));
  return hash === fingerprint ? {} : { name: "not_genuine", reason: ["check.fingerprint_differs"] };
}

function makeRow(entry) {
  const row = { ...entry, name: entry.code ? "verify.waiting" : "verify.no_code", cells: {} };
  row.element = document.createElement("tr");
  for (const column of columns) {
    const cell = document.createElement(column === "line" ? "th" : "td");
    if (column === "line") cell.scope = "row";
    row.cells[column] = cell;
    row.element.append(cell);
  }
  row.cells.line.textContent = row.line;
  row.cells.code.dir = row.cells.number.dir = "ltr";
  row.cells.code.textContent = row.code ? row.code.replace(/.{4}(?=.)/g, "$& ") : row.text.slice(0, 80);
  if (row.problem) row.reason = [`check.${row.problem}`, { host, count: String(row.count), found: String(row.found) }];
  fill(row);
  return row;
}

function fill(row) {
  const { cells, record } = row;
  row.element.dataset.verdict = row.name;
  setSentence(cells.verdict, key(row.name));
  if (row.reason) setSentence(cells.reason, ...row.reason);
  if (!record) return;
  const link = document.createElement("a");
  link.href = row.folder;
  link.textContent = cells.code.textContent;
  cells.code.replaceChildren(link);
  cells.number.textContent = record.number;
  const holder = document.createElement("bdi");
  holder.textContent = record.holder;
  cells.holder.replaceChildren(holder);
  cells.expires.textContent = record.expires;
}

function sort() {
  const { key: by, down } = sorting;
  const value = (row) => (by === "line" ? row.line : by === "verdict" ? order.indexOf(row.name) : row.cells[by].textContent);
  const sorted = [...rows].sort((one, other) => {
    const [a, b] = [value(one), value(other)];
    const way = typeof a === "number" ? a - b : a.localeCompare(b);
    return (down ? -way : way) || one.line - other.line;
  });
  body.append(...sorted.map(({ element }) => element));
  for (const head of results.querySelectorAll("[data-key]")) {
    if (head.dataset.key === by) head.setAttribute("aria-sort", down ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  }
}

/** A cell of CSV; what a spreadsheet would take for a formula stays text. */
const cell = (value) => `"${`${/^[=+\-@\t\r]/.test(value) ? "'" : ""}${value}`.replaceAll('"', '""')}"`;

function offerDownload() {
  const heads = columns.map((column) => results.querySelector(`[data-key=${column}] button`).textContent);
  const lines = [...body.rows].map((row) => [...row.cells].map(({ textContent }) => textContent));
  const sheet = [heads, ...lines].map((line) => line.map(cell).join(",")).join("\r\n");
  URL.revokeObjectURL(download.href);
  download.href = URL.createObjectURL(new Blob(["\ufeff", sheet, "\r\n"], { type: "text/csv" }));
}

async function run() {
  const mine = ++turn;
  const lines = readLines(text.value);
  rows = lines.slice(0, most).map(makeRow);
  results.hidden = !rows.length;
  if (!rows.some(({ code }) => code)) {
    results.hidden = true;
    setSentence(answer, "verify.list_empty");
    return;
  }
  sorting = { key: "line", down: false };
  body.replaceChildren();
  sort();
  const register = new Register(host);
  const waiting = rows.filter(({ code }) => code);
  const all = waiting.length;
  let done = 0;
  for (const told of results.querySelectorAll(".when, .no-code")) told.replaceChildren();
  progress.max = all;
  progress.value = 0;
  stop.hidden = false;
  download.hidden = true;
  // Told now and then: whoever listens should not have to hear every number.
  const tell = (sentence = "verify.list_progress") => {
    progress.value = done;
    if (done % 25 === 0 || done === all || sentence !== "verify.list_progress") setSentence(answer, sentence, { done, all });
  };
  tell();
  const work = async () => {
    while (waiting.length && mine === turn) {
      const row = waiting.shift();
      const examined = await examineCode(row.code, register);
      const difference = await differenceOf(row, examined);
      if (mine !== turn) return;
      Object.assign(row, examined, { reason: reasonOf(examined) }, difference);
      fill(row);
      done += 1;
      tell();
    }
  };
  stop.onclick = () => {
    turn += 1;
    finish("verify.list_stopped");
  };
  const finish = (sentence) => {
    stop.hidden = true;
    download.hidden = false;
    setSentence(results.querySelector(".when"), "verdict.checked", moment());
    const without = rows.filter(({ code }) => !code).length;
    if (without) setSentence(results.querySelector(".no-code"), "verify.list_no_code", { count: without });
    if (sentence) tell(sentence);
    if (lines.length > most) setSentence(answer, "verify.list_many", { all: lines.length });
    sort();
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  if (mine === turn) finish();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
take(form.closest(".tool"), form.querySelector("input"), async (file) => {
  text.value = (await file.slice(0, 2 ** 20).text()).slice(0, 2 ** 20);
  run();
});
// A page that comes back would tell of a check of another time.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  turn += 1;
  results.hidden = true;
  answer.replaceChildren();
});
download.addEventListener("click", offerDownload);
for (const head of results.querySelectorAll("[data-key] button")) {
  head.addEventListener("click", () => {
    const { key: by } = head.parentElement.dataset;
    sorting = { key: by, down: sorting.key === by && !sorting.down };
    sort();
  });
}
