// Lists of candidates, as `canting batch check` reads them: the same findings, by the same rules, at the
// same places. Nothing here touches the page or the network.

import { damageIn, isDash } from "./damage.js";

export const columns = ["name", "scheme", "regency", "province", "group", "certificate", "note"];
export const required = ["name", "scheme", "regency", "province"];
export const most = 500;
export const peopleForOneAssessor = 10;
/** A file that is longer is no list of candidates. */
export const longest = 1 << 20;

const names = {
  name: ["name", "nama", "nama_lengkap", "nama_peserta", "nama_asesi", "candidate"],
  scheme: ["scheme", "skema", "skema_sertifikasi", "kode_skema"],
  regency: ["regency", "kabupaten", "kabupaten_kota", "kab_kota", "kota_kabupaten", "kota", "kabkota", "city"],
  province: ["province", "provinsi", "propinsi"],
  group: ["group", "kelompok", "nama_kelompok", "sanggar", "workshop"],
  certificate: ["certificate", "sertifikat", "nomor_sertifikat", "no_sertifikat", "certificate_number"],
  note: ["note", "catatan", "keterangan", "notes"],
};
/** What each column holds, as far as damage goes. */
const kinds = { name: "name", scheme: "word", regency: "place", province: "place", group: "place", certificate: "identifier", note: "note" };
const rowNumbers = ["no", "nomor", "no_urut", "nomor_urut", "nr", "row"];

const personalWords = ["nik", "ktp", "lahir", "alamat", "telepon", "telpon", "telp", "tlp", "hp", "handphone", "phone", "telephone", "mobile", "email", "surel", "birth", "birthday", "birthdate", "dob", "ttl", "address", "whatsapp", "wa", "foto", "photo", "passport", "paspor", "npwp", "kelamin", "gender", "sex", "agama", "umur", "usia"];
const personalNames = ["nonik", "noktp", "nomornik", "nomorktp", "tgllahir", "tanggallahir", "tempatlahir", "tempattanggallahir", "dateofbirth", "placeofbirth", "birthplace", "birthdate", "nohp", "nomorhp", "notelp", "notelepon", "nomortelepon", "nowa", "nomorwa", "phonenumber", "mail", "mobilephone", "emailaddress", "homeaddress", "alamatrumah", "alamatemail", "nomorinduk", "nomorindukkependudukan", "indukkependudukan", "email", "lp", "jk", "pl"];

// MARK: Texts

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const loose = new TextDecoder("utf-8", { ignoreBOM: true });

const small = (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** NFC, single spaces, none at the ends; or the first character that must not be printed. */
export function normal(raw) {
  let text = "";
  let space = false;
  for (const each of raw.normalize("NFC")) {
    if (/\p{White_Space}/u.test(each)) {
      space = text !== "";
      continue;
    }
    if (/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]|(?=\p{Lo})\p{DI}/u.test(each)) return { text: "", forbidden: each };
    text += space ? ` ${each}` : each;
    space = false;
  }
  return { text };
}

function header(raw) {
  const { text, forbidden } = normal(raw);
  const words = forbidden === undefined ? text.split(/[^\p{L}\p{N}]+/u).filter(Boolean).map(small) : [];
  const isPersonal = words.some((word) => personalWords.includes(word)) || personalNames.includes(words.join(""));
  const key = words.join("_");
  const column = isPersonal ? undefined : columns.find((each) => names[each].includes(key));
  return { text, key, isPersonal, column, isUnnamed: forbidden === undefined && text === "" };
}

const number = /[0-9](?:[ .–_()-]{0,2}[0-9]){8,}/;
const address = /[^\p{White_Space}@"',;]@[^\p{White_Space}@"',;]/u;

const mobile = /^(?:\+?62|0)[ .-]?8[0-9](?:[ .-]?[0-9]){7,10}$/;

/** Whether a certificate's number is a NIK, a mobile number of Indonesia or an e-mail address. */
const isIdentity = (text) => /^[0-9]{16}$/.test(text) || (text.includes("@") ? hasPersonalData(text) : mobile.test(text));

/** Whether a text has an e-mail address, or as many digits in a row as identity and telephone numbers. */
const hasPersonalData = (text) => number.test(text) || address.test(text);

export const codePoint = (text) => `U+${text.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;

/** The word among others that is most like a mistyped one, if one is near enough to be meant. */
export function suggestion(word, candidates) {
  const wanted = [...word.toLowerCase()];
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  let best;
  for (const candidate of candidates) {
    const letters = [...candidate.toLowerCase()];
    if (Math.abs(letters.length - wanted.length) > limit) continue;
    const distance = editDistance(wanted, letters);
    if (distance <= limit && distance < (best?.distance ?? Infinity)) best = { distance, candidate };
  }
  return best?.candidate;
}

function editDistance(left, right) {
  let before = [];
  let last = [...Array(right.length + 1).keys()];
  left.forEach((letter, i) => {
    const next = [i + 1];
    right.forEach((other, j) => {
      let cost = Math.min(last[j + 1] + 1, next[j] + 1, last[j] + (letter === other ? 0 : 1));
      if (i > 0 && j > 0 && letter === right[j - 1] && left[i - 1] === other) cost = Math.min(cost, before[j - 1] + 1);
      next.push(cost);
    });
    [before, last] = [last, next];
  });
  return last[right.length];
}

// MARK: Rules

/** The code of the scheme that a text names, by its code or by a title it has or had. */
export function schemeOf(text, schemes) {
  const wanted = small(text);
  return (schemes.find(({ code }) => small(code) === wanted)
    ?? schemes.findLast(({ titles }) => titles.some((title) => small(title) === wanted)))?.code;
}

/** What is wrong with a row by itself: values by column, as somebody wrote them. */
export function problemsOf(row, schemes) {
  return columns.flatMap((column) => {
    const { text, forbidden } = normal(row[column] ?? "");
    if (forbidden !== undefined) return [{ id: "forbidden-character", column, found: codePoint(forbidden) }];
    if (text === "" || isDash(text)) return required.includes(column) ? [{ id: "empty-required-field", column }] : [];
    const problems = [];
    if ("=+-@".includes(text[0])) problems.push({ id: "formula-in-text", column });
    const damage = damageIn(text, kinds[column]);
    if (damage !== undefined) problems.push({ ...damage, column });
    if (damage !== undefined && !damage.severity) return problems;
    if (column === "scheme") {
      if (schemeOf(text, schemes) === undefined) {
        const known = [...schemes.map(({ code }) => code), ...schemes.flatMap(({ titles }) => titles)];
        problems.push({ id: "unknown-scheme", column, found: text, meant: suggestion(text, known) });
      }
    } else if (column === "certificate" ? isIdentity(text) : hasPersonalData(text)) {
      problems.push({ id: "personal-data-in-text", column });
    }
    return problems;
  });
}

/** What makes two rows the same person for the same scheme. */
export function identityOf(row) {
  const values = columns.map((column) => normal(row[column] ?? ""));
  if (values[0].text === "" || values.some(({ forbidden }) => forbidden !== undefined)) return undefined;
  return JSON.stringify(values.map(({ text }) => small(text)));
}

/** How many assessors it takes, and for how many candidates. */
export function staffing(rows, schemes) {
  const counts = new Map();
  for (const row of rows) {
    const code = schemeOf(normal(row.scheme ?? "").text, schemes);
    if (code !== undefined) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const sum = [...counts.values()].reduce((all, count) => all + count, 0);
  const assessors = [...counts.values()].reduce((all, count) => all + Math.ceil(count / peopleForOneAssessor), 0);
  return { counts, sum, assessors };
}

// MARK: Delimited text

const quote = 0x22;
const isEnd = (byte) => byte === 0x0a || byte === 0x0d;

/** Titles above the header, and how far the header may be from the beginning. */
const mostTitles = 50;
const lookAhead = 1 << 16;

/** Reads records byte by byte, as the command does: any line end, doubled quotes, quoted line ends. */
class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.emptyCellsBehind = 0;
    this.next = 0;
    this.nextLine = 1;
    this.delimiter = 0x2c;
  }

  endOfLine(from) {
    const found = this.bytes.subarray(from).findIndex(isEnd);
    const content = found < 0 ? this.bytes.length : from + found;
    let next = Math.min(content + 1, this.bytes.length);
    if (this.bytes[content] === 0x0d && this.bytes[content + 1] === 0x0a) next += 1;
    return { content, next, lines: 1 };
  }

  /** The fields of the next record and its end; without an end where a quote is never closed. */
  scan() {
    const { bytes, delimiter } = this;
    const fields = [];
    let index = this.next;
    let lines = 1;
    let textAfterQuote;
    for (;;) {
      const field = { start: index, end: index, isQuoted: false };
      if (bytes[index] === quote) {
        index += 1;
        field.start = index;
        for (;;) {
          if (index >= bytes.length) return { fields };
          if (bytes[index] === quote) {
            if (bytes[index + 1] !== quote) break;
            index += 1;
          } else if (bytes[index] === 0x0a) lines += 1;
          index += 1;
        }
        field.isQuoted = true;
        field.end = index;
        index += 1;
        while (bytes[index] === 0x20) index += 1;
        if (index < bytes.length && bytes[index] !== delimiter && !isEnd(bytes[index])) textAfterQuote ??= index;
      }
      const start = index;
      while (index < bytes.length && bytes[index] !== delimiter && !isEnd(bytes[index])) index += 1;
      if (!field.isQuoted) Object.assign(field, { start, end: index });
      fields.push(field);
      if (index >= bytes.length) return { fields, textAfterQuote, end: { content: index, next: index, lines } };
      if (bytes[index] === delimiter) {
        index += 1;
        continue;
      }
      const isPair = bytes[index] === 0x0d && bytes[index + 1] === 0x0a;
      return { fields, textAfterQuote, end: { content: index, next: index + (isPair ? 2 : 1), lines } };
    }
  }

  /** The next record that is not blank. */
  read() {
    while (this.next < this.bytes.length) {
      const { fields, textAfterQuote, end: closed } = this.scan();
      // Without its closing quote a record has no end; its first line alone is passed over.
      const end = closed ?? this.endOfLine(this.next);
      const record = { start: this.next, end: end.content, line: this.nextLine, fields };
      if (!closed) record.malformation = { id: "unclosed-quote" };
      else if (textAfterQuote !== undefined) record.malformation = { id: "text-after-quote", at: textAfterQuote };
      this.next = end.next;
      this.nextLine += end.lines;
      if (!closed || fields.some((field) => field.start < field.end || field.isQuoted)) return record;
    }
    return undefined;
  }

  /** The texts of the next records that are not blank, if `delimiter` parts their fields. */
  *ahead(delimiter) {
    const reader = new Reader(this.bytes.subarray(this.next, this.next + lookAhead));
    const isCut = this.bytes.length - this.next > lookAhead;
    reader.delimiter = delimiter;
    while (reader.next < reader.bytes.length) {
      const { fields, end } = reader.scan();
      if (!end || (isCut && end.next >= reader.bytes.length)) return;
      reader.next = end.next;
      if (fields.some((field) => field.start < field.end || field.isQuoted)) yield fields.map(({ start, end: last }) => loose.decode(reader.bytes.subarray(start, last)));
    }
  }

  /** The first of the next rows with three known columns, or else two: how many stand above it, and how many are known. */
  header(delimiter) {
    for (const enough of [3, 2]) {
      let titles = 0;
      for (const texts of this.ahead(delimiter)) {
        const known = new Set(texts.map((text) => header(text).column).filter(Boolean)).size;
        if (known >= enough) return { titles, known, delimiter };
        titles += 1;
        if (titles > mostTitles) break;
      }
    }
    return undefined;
  }

  /** Sets the delimiter; how many rows of titles stand above the header, where there is one. */
  findHeader(named) {
    let best;
    for (const delimiter of named === undefined ? [0x2c, 0x3b, 0x09] : [named]) {
      const found = this.header(delimiter);
      if (found && found.known > (best?.known ?? 0)) best = found;
    }
    if (best) this.delimiter = best.delimiter;
    else if (named !== undefined) this.delimiter = named;
    else this.findDelimiter();
    return best?.titles;
  }

  /** Counts the empty cells behind the last column, if the first two rows below the header have as many of them. */
  countEmptyCells(titles) {
    const [head, first, second] = [...this.ahead(this.delimiter)].slice(titles, titles + 3);
    if (!second || first.length !== second.length || first.length <= head.length) return;
    if ([first, second].every((texts) => texts.slice(head.length).every((text) => text === ""))) this.emptyCellsBehind = first.length - head.length;
  }

  findDelimiter() {
    let best = { count: 0, delimiter: this.delimiter };
    for (const delimiter of [0x2c, 0x3b, 0x09]) {
      this.delimiter = delimiter;
      const { length } = this.scan().fields;
      if (length > best.count) best = { count: length, delimiter };
    }
    this.delimiter = best.delimiter;
  }

  /** Text of a field; undefined where it is no UTF-8. */
  text({ start, end, isQuoted }) {
    const text = this.decoded(start, end);
    return isQuoted ? text?.replaceAll('""', '"') : text;
  }

  decoded(start, end) {
    try {
      return decoder.decode(this.bytes.subarray(start, end));
    } catch {
      return undefined;
    }
  }

  /** Line and column of an offset in a record, the column in characters from 1. */
  place(record, at = record.start) {
    const before = this.bytes.subarray(record.start, at);
    const lines = before.filter((byte) => byte === 0x0a).length;
    const tail = lines === 0 ? before : before.subarray(before.lastIndexOf(0x0a) + 1);
    return { line: record.line + lines, at: tail.filter((byte) => (byte & 0xc0) !== 0x80).length + 1 };
  }
}

/** What a file is that is no table, by its first bytes. */
function foreignKind(bytes) {
  const begins = (...start) => start.every((byte, index) => bytes[index] === byte);
  const text = small(loose.decode(bytes.subarray(0, 512))).replace(/^\uFEFF/, "").replace(/^\s+/u, "");
  if (begins(0xd0, 0xcf, 0x11, 0xe0) || begins(0x50, 0x4b, 0x03, 0x04)) return "workbook";
  if (begins(0x25, 0x50, 0x44, 0x46) || text.startsWith("sqlite format 3\0") || begins(0x1f, 0x8b) || begins(0x52, 0x61, 0x72, 0x21) || begins(0x37, 0x7a, 0xbc)) return "other";
  if (["<html", "<!doctype", "<table", "<head", "<body", "<meta", "<?xml", "<workbook"].some((start) => text.startsWith(start))) return "page";
  return text.startsWith('{"') || text.startsWith("[{") ? "other" : undefined;
}

/** Moves a reader to its header row; a finding where that is not possible. */
function begin(reader) {
  if (foreignKind(reader.bytes)) return { finding: { id: "not-a-table" } };
  const [a, b, c] = reader.bytes;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) || reader.bytes.subarray(0, 4).includes(0)) return { finding: { id: "not-utf8", wide: true } };
  if (a === 0xef && b === 0xbb && c === 0xbf) reader.next = 3;
  const named = separator(reader);
  const titles = reader.findHeader(named);
  if (titles === undefined && named === undefined && [..."|^~!:"].some((sign) => reader.header(sign.charCodeAt(0)))) return { finding: { id: "foreign-delimiter", line: 1, at: 1 } };
  reader.countEmptyCells(titles ?? 0);
  for (let title = 0; title < (titles ?? 0); title += 1) reader.read();
  const record = reader.read();
  if (!record) return { finding: { id: "empty-list" } };
  if (reader.decoded(record.start, record.end) === undefined) return { finding: { id: "not-utf8", line: record.line, at: 1 } };
  if (record.malformation) return { finding: { id: record.malformation.id, ...reader.place(record, record.malformation.at) } };
  return { record };
}

/** The delimiter that a line `sep=;` names, which is passed over; saved again, it may end in more of them. */
function separator(reader) {
  const start = reader.bytes.subarray(reader.next, reader.next + 512);
  const end = start.findIndex(isEnd);
  if (end < 5 || small(String.fromCharCode(...start.subarray(0, 4))) !== "sep=" || !start.subarray(4, end).every((byte) => byte === start[4])) return undefined;
  reader.next = reader.endOfLine(reader.next).next;
  reader.nextLine += 1;
  return start[4];
}

function headerFindings(reader, record, headers) {
  const place = (position) => reader.place(record, record.fields[position].start);
  if (!headers.some(({ column }) => column)) return [{ id: "missing-header", ...reader.place(record) }];
  const findings = [];
  const taken = new Set();
  headers.forEach((each, position) => {
    if (each.column) {
      if (taken.has(each.column)) findings.push({ id: "duplicate-column", ...place(position), found: each.text });
      taken.add(each.column);
    } else if (each.isPersonal) findings.push({ id: "personal-data-column", ...place(position), found: each.text });
    else if (!each.isUnnamed && !rowNumbers.includes(each.key)) {
      findings.push({ id: "unknown-column", ...place(position), found: each.text, meant: suggestion(each.key, columns.flatMap((column) => names[column].slice(0, 2))) });
    }
  });
  for (const column of required) if (!taken.has(column)) findings.push({ id: "missing-column", ...reader.place(record), column });
  return findings;
}

/** What keeps a record from being a row of the table. */
function malformed(reader, record, headers) {
  if (reader.decoded(record.start, record.end) === undefined) return { id: "not-utf8", line: record.line, at: 1 };
  if (record.malformation) return { id: record.malformation.id, ...reader.place(record, record.malformation.at) };
  const swallowed = swallowedRows(reader, record, headers.length);
  if (swallowed) return swallowed;
  const behind = reader.emptyCellsBehind;
  const hasEmptyCells = record.fields.length === headers.length + behind && record.fields.slice(headers.length).every(({ start, end }) => start === end);
  if (record.fields.length !== headers.length && !hasEmptyCells) return { id: "wrong-field-count", ...reader.place(record), wanted: headers.length, count: record.fields.length };
  const stray = record.fields.find((field, position) => headers[position]?.isUnnamed && field.start < field.end);
  return stray && { id: "value-without-column", ...reader.place(record, stray.start) };
}

/** A quote that was opened by mistake takes in what follows, up to the next one: lines that are rows. */
function swallowedRows(reader, record, columnCount) {
  const lines = [[]];
  for (const byte of reader.bytes.subarray(record.start, record.end)) {
    if (isEnd(byte)) lines.push([]);
    else lines.at(-1).push(byte);
  }
  if (columnCount < 4 || lines.length < 2) return undefined;
  const counts = lines.map((line) => line.filter((byte) => byte === reader.delimiter).length + 1);
  const isRow = (count) => count >= columnCount && count <= columnCount + reader.emptyCellsBehind;
  // Where the first line is a whole row already, the last one is another.
  if (!counts.slice(1, -1).some(isRow) && !(counts[0] >= columnCount && isRow(counts.at(-1)))) return undefined;
  const opening = record.fields.find((field) => field.isQuoted && reader.bytes.subarray(field.start, field.end).some(isEnd));
  return { id: "swallowed-rows", ...reader.place(record, opening ? opening.start - 1 : record.start), lines: lines.length - 1 };
}

/**
 * Reads a list: what is wrong with the file itself, and its rows as far as they can be read.
 *
 * Columns with personal data are never taken out of the bytes.
 */
export function read(bytes) {
  const reader = new Reader(bytes);
  const { record, finding } = begin(reader);
  if (!record) return { findings: [finding], rowFindings: [], rows: [] };
  const headers = record.fields.map((field) => header(reader.text(field) ?? ""));
  const wrong = headerFindings(reader, record, headers);
  const findings = [];
  const list = { findings: wrong, rowFindings: findings, rows: [] };
  if (!headers.some(({ column }) => column)) return list;
  let seen = 0;
  for (let row = reader.read(); row; row = reader.read()) {
    seen += 1;
    if (seen > most) {
      findings.push({ id: "too-many-candidates", ...reader.place(row) });
      break;
    }
    const bad = malformed(reader, row, headers);
    if (bad) {
      findings.push(bad);
      if (bad.id === "not-utf8") {
        list.isCut = true;
        break;
      }
      continue;
    }
    const values = {};
    const places = {};
    headers.forEach(({ column }, position) => {
      if (!column || column in values) return;
      values[column] = reader.text(row.fields[position]);
      places[column] = reader.place(row, row.fields[position].start);
    });
    list.rows.push({ values, places, line: row.line });
  }
  if (seen === 0) findings.push({ id: "empty-list" });
  return list;
}

/** All findings about a list, as `canting batch check` has them. */
export function check(bytes, schemes) {
  const list = read(bytes);
  // Where the columns are not known, nothing is said about what stands in them.
  if (list.findings.length > 0) return list.findings;
  const findings = [...list.rowFindings];
  const known = new Map();
  for (const { values, places, line } of list.rows) {
    for (const { column, ...problem } of problemsOf(values, schemes)) findings.push({ ...problem, column, ...places[column] });
    const identity = identityOf(values);
    if (identity === undefined) continue;
    if (known.has(identity)) findings.push({ id: "duplicate-candidate", severity: "warning", column: "name", other: known.get(identity), ...places.name });
    else known.set(identity, line);
  }
  const { sum, assessors } = staffing(list.rows.map(({ values }) => values), schemes);
  if (sum > peopleForOneAssessor && !list.isCut) findings.push({ id: "several-assessors", severity: "note", sum, assessors });
  return findings;
}

/**
 * Cells of a text that was pasted, with the columns of its headings if its first row names some.
 *
 * Columns without a known name are left out; so are those with personal data, which are named.
 */
export function grid(text) {
  const reader = new Reader(new TextEncoder().encode(text.slice(0, longest)));
  if (text.includes("\t")) reader.delimiter = 0x09;
  else reader.findDelimiter();
  const cells = [];
  for (let record = reader.read(); record && cells.length <= most; record = reader.read()) {
    cells.push(record.fields.map((field) => reader.text(field) ?? ""));
  }
  const headers = (cells[0] ?? []).map(header);
  // One word may be a name as well as a heading; two are headings.
  if (headers.filter(({ column }) => column).length < 2) return { cells: cells.slice(0, most), skipped: [] };
  return {
    headings: headers.map(({ column }) => column),
    cells: cells.slice(1),
    skipped: headers.filter(({ isPersonal }) => isPersonal).map((each) => each.text),
  };
}
