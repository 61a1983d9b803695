// The form on /request/: a table of candidates that is checked while it is written, a list to download and an
// e-mail to send. Nothing leaves the browser, and nothing is kept in it.

import { check, columns, grid, identityOf, longest, most, normal, peopleForOneAssessor, problemsOf, read, schemeOf, staffing } from "./candidates.js";

document.documentElement.classList.add("script");
const form = document.querySelector("form.request");
const body = form.querySelector(".candidates tbody");
const told = form.querySelector(".told");
const count = form.querySelector(".count");
const goes = form.querySelector(".goes");
const saved = form.querySelector(".saved");
const mail = form.querySelector(".mail");
const pasted = form.querySelector("#paste");
const blank = document.querySelector("#row").content.firstElementChild;
const schemes = JSON.parse(form.dataset.schemes);
const words = Object.fromEntries([...document.querySelector("#said").content.children].map(({ dataset, textContent }) => [dataset.say, textContent]));

/** A sentence with its parts filled in; what is filled in stays text. */
const say = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);

const labelOf = (column) => blank.querySelector(`[data-column=${column}] label span`).textContent;

function sentence({ id, meant, column, ...values }) {
  const name = `rule_${id.replaceAll("-", "_")}`;
  const parts = { ...values, meant, column: column && labelOf(column) };
  return say(meant !== undefined && `${name}_meant` in words ? `${name}_meant` : name, parts);
}

// MARK: The table

const rows = () => [...body.rows];
const fieldOf = (row, column) => row.querySelector(`[name=${column}]`);
const valuesOf = (row) => Object.fromEntries(columns.map((column) => [column, fieldOf(row, column).value]));

// What a new row took over from the one above says nothing by itself.
const takenOver = new WeakMap();
const isEmpty = (row) => columns.every((column) => ["", takenOver.get(row)?.[column]].includes(fieldOf(row, column).value.trim()));
const filled = () => rows().filter((row) => !isEmpty(row));

function put(row, column, text) {
  const field = fieldOf(row, column);
  const value = text.replace(/\p{White_Space}+/gu, " ").trim();
  if (column === "scheme") {
    const code = schemeOf(normal(value).text, schemes);
    // What is no scheme stays to be seen, and is marked.
    if (code === undefined && value !== "") field.append(new Option(value, value));
    field.value = code ?? value;
  } else field.value = value;
}

function addRow(values = {}) {
  if (body.rows.length >= most) return undefined;
  const row = blank.cloneNode(true);
  for (const column of columns) {
    const why = row.querySelector(`[data-column=${column}] .why`);
    why.id = `why-${column}-${addRow.next}`;
    put(row, column, values[column] ?? "");
  }
  addRow.next += 1;
  body.append(row);
  return row;
}
addRow.next = 1;

function number() {
  rows().forEach((row, at) => {
    row.cells[0].textContent = at + 1;
    const remove = row.querySelector(".remove");
    remove.setAttribute("aria-label", say("remove", { row: at + 1 }));
    remove.title = remove.getAttribute("aria-label");
  });
}

/** What is wrong with the table: by row, column and sentence. */
function findings() {
  const known = new Map();
  return rows().flatMap((row, at) => {
    if (isEmpty(row)) return [];
    const values = valuesOf(row);
    const found = problemsOf(values, schemes).map((problem) => ({ ...problem, isWarning: problem.severity === "warning", row }));
    const identity = identityOf(values);
    if (identity === undefined) return found;
    if (known.has(identity)) return [...found, { id: "duplicate-candidate", isWarning: true, column: "name", other: known.get(identity), row }];
    known.set(identity, at + 1);
    return found;
  });
}

function mark(row, column, problems) {
  const field = fieldOf(row, column);
  const why = row.querySelector(`[data-column=${column}] .why`);
  const text = problems.map(sentence).join(" ");
  const isWrong = problems.some(({ isWarning }) => !isWarning);
  if (why.textContent !== text) why.textContent = text;
  why.hidden = text === "";
  why.classList.toggle("mild", !isWrong);
  if (isWrong) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
  if (text) field.setAttribute("aria-describedby", why.id);
  else field.removeAttribute("aria-describedby");
}

const plural = (name, number) => say(number === 1 ? `${name}_one` : `${name}_many`, { count: number });

/** Marks what is wrong; a row that somebody is still writing may be unfinished. */
function look({ everything = false } = {}) {
  const current = everything ? undefined : document.activeElement?.closest?.(".candidates tbody tr");
  const found = findings().filter(({ row, id }) => row !== current || id !== "empty-required-field" || row.dataset.left);
  for (const row of rows()) {
    for (const column of columns) mark(row, column, found.filter((each) => each.row === row && each.column === column));
  }
  const people = filled();
  const wrong = found.filter(({ isWarning }) => !isWarning).length;
  const mild = found.length - wrong;
  const { sum, assessors } = staffing(people.map(valuesOf), schemes);
  const sentences = [people.length === 0 ? say("empty_now") : people.length === 1 ? say("one_now") : say("many_now", { count: people.length })];
  if (wrong > 0) sentences.push(plural("wrong", wrong));
  if (mild > 0) sentences.push(plural("look", mild));
  if (sum > peopleForOneAssessor) sentences.push(say("staff", { assessors }));
  const text = sentences.join(" ");
  if (count.textContent !== text) count.textContent = text;
  count.classList.toggle("wrong", wrong > 0);
  goes.hidden = found.length === 0;
  write();
  return { wrong, people };
}

function go() {
  const field = body.querySelector("[aria-invalid], [aria-describedby]");
  field?.scrollIntoView({ block: "center" });
  field?.focus();
}

// MARK: Reading lists

function tell(lines, heading) {
  const list = document.createElement("ul");
  list.append(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  const parts = heading ? [Object.assign(document.createElement("p"), { textContent: heading })] : [];
  told.replaceChildren(...parts, ...(lines.length > 0 ? [list] : []));
}

/** Puts rows behind those that are there; empty ones make room. */
function take(values) {
  for (const row of rows()) if (isEmpty(row)) row.remove();
  let taken = 0;
  for (const each of values) {
    const row = addRow(each);
    if (!row) break;
    row.dataset.left = "true";
    taken += 1;
  }
  if (body.rows.length === 0) addRow();
  number();
  look({ everything: true });
  return taken;
}

function takeList(bytes, file) {
  const list = read(bytes);
  const taken = take(list.rows.map(({ values }) => values));
  const left = list.findings.filter(({ id }) => id === "personal-data-column").map(({ found }) => found);
  const others = [...list.findings, ...list.rowFindings].filter(({ id }) => id !== "personal-data-column");
  const lines = others.map((finding) => `${finding.line ? say("at", finding) : ""}${sentence(finding)}`);
  if (left.length > 0) lines.unshift(say("skipped", { columns: left.join(", ") }));
  if (taken < list.rows.length) lines.push(say("full"));
  tell(lines, say("read", { file, count: taken }));
}

async function open(file) {
  if (file.size > longest) tell([], say("too_large", { file: file.name }));
  else takeList(new Uint8Array(await file.arrayBuffer()), file.name);
}

/** Rows of a text as values by column; those without headings begin at a column. */
function valuesIn(text, first = columns[0]) {
  const { headings, cells } = grid(text);
  const order = headings ?? columns.slice(columns.indexOf(first));
  return cells.map((row) => Object.fromEntries(order.map((column, at) => [column, row[at] ?? ""]).filter(([column]) => column)));
}

function pasteInto(event) {
  const field = event.target.closest("input, select");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!field || !/[\t\n]/.test(text.replace(/[\r\n]+$/, ""))) return;
  event.preventDefault();
  let row = field.closest("tr");
  for (const values of valuesIn(text, field.name)) {
    row ??= addRow();
    if (!row) break;
    for (const [column, value] of Object.entries(values)) put(row, column, value);
    row.dataset.left = "true";
    row = row.nextElementSibling;
  }
  number();
  look({ everything: true });
}

// MARK: Sending

/** A table that spreadsheets and `canting batch check` read, of rows that nothing is wrong with. */
function sheet(people) {
  const header = form.dataset.header;
  const delimiter = header.match(/[,;\t]/)[0];
  const cell = (text) => (/[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = people.map((row) => columns.map((column) => cell(normal(fieldOf(row, column).value).text)).join(delimiter));
  return `\ufeff${[header, ...lines].join("\r\n")}\r\n`;
}

function save() {
  const { wrong, people } = look({ everything: true });
  if (people.length === 0 || wrong > 0) {
    saved.textContent = say(people.length === 0 ? "nobody" : "blocked");
    if (people.length === 0) fieldOf(body.rows[0], "name").focus();
    else go();
    return;
  }
  const text = sheet(people);
  // What leaves this page is what the command would accept.
  if (check(new TextEncoder().encode(text), schemes).some(({ severity }) => !severity)) throw new Error("the list does not pass its own check");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = say("file");
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  saved.textContent = say("done", { file: say("file") });
}

/** Keeps the e-mail up to date with the form. */
function write() {
  if (!mail) return;
  const people = filled();
  const { counts } = staffing(people.map(valuesOf), schemes);
  const value = (id) => form.querySelector(`#${id}`).value.trim();
  const label = (id) => form.querySelector(`[for=${id}]`).textContent;
  const kind = form.querySelector("#kind").selectedOptions[0].text;
  const party = value("party");
  const perScheme = [...counts].map(([code, number]) => `${number} ${code}`).join(", ");
  const lines = [
    say("mail_start"), "",
    `${label("party")}: ${party} (${kind})`,
    ...["contact", "place", "period"].map((id) => `${label(id)}: ${value(id)}`),
    `${say("mail_count")}: ${people.length}${perScheme && ` (${perScheme})`}`,
    ...(value("remarks") ? ["", value("remarks")] : []),
    "", say("mail_attached", { file: say("file") }),
  ];
  const subject = say("subject", { party: party || "…", count: people.length });
  mail.href = `mailto:${form.dataset.mail}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(lines.join("\r\n"))}`;
}

// MARK: What people do

body.addEventListener("focusout", ({ target, relatedTarget }) => {
  const row = target.closest("tr");
  if (row && !row.contains(relatedTarget)) {
    row.dataset.left = "true";
    look();
  }
});
body.addEventListener("input", () => look());
body.addEventListener("paste", pasteInto);
body.addEventListener("click", ({ target }) => {
  const button = target.closest(".remove");
  if (!button) return;
  const row = button.closest("tr");
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  if (body.rows.length === 0) addRow();
  number();
  (next?.querySelector(".remove") ?? fieldOf(body.rows[0], "name")).focus();
  look();
});
form.querySelector(".add").addEventListener("click", () => {
  // Neighbours mostly come from the same place.
  const last = filled().at(-1);
  const shared = last ? Object.fromEntries(["regency", "province", "group"].map((column) => [column, fieldOf(last, column).value])) : {};
  const row = addRow(shared);
  if (!row) return tell([], say("full"));
  takenOver.set(row, valuesOf(row));
  number();
  look();
  fieldOf(row, "name").focus();
});
form.querySelector(".take").addEventListener("click", () => {
  if (pasted.value.trim() === "") return pasted.focus();
  takeText(pasted.value);
  pasted.value = "";
});
function takeText(text) {
  const { headings, skipped } = grid(text);
  const values = valuesIn(text);
  const taken = take(values);
  const lines = headings && skipped.length > 0 ? [say("skipped", { columns: skipped.join(", ") })] : [];
  if (taken < values.length) lines.push(say("full"));
  tell(lines, say(taken === 1 ? "one_now" : "many_now", { count: taken }));
}
form.querySelector(".go").addEventListener("click", go);
form.querySelector(".save").addEventListener("click", save);
form.addEventListener("input", ({ target }) => {
  if (!body.contains(target)) write();
});
form.addEventListener("submit", (event) => event.preventDefault());
// Enter in the table goes to the next row, as in a spreadsheet.
body.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.localName !== "input") return;
  event.preventDefault();
  const next = event.target.closest("tr").nextElementSibling;
  if (next) fieldOf(next, event.target.name).focus();
  else form.querySelector(".add").click();
});
const chosen = form.querySelector("#open");
chosen.addEventListener("change", () => {
  if (chosen.files[0]) open(chosen.files[0]);
  chosen.value = "";
});
for (const kind of ["dragover", "drop"]) {
  form.addEventListener(kind, (event) => {
    event.preventDefault();
    if (kind === "drop" && event.dataTransfer.files[0]) open(event.dataTransfer.files[0]);
  });
}

addRow();
number();
look();
