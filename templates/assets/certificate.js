// The check of a certificate, step by step, in the visitor's own browser; and the page that shows it.
// One file, so that a page needs one request for it; /verify/ checks with the same functions.
// Nothing here is trusted but the code in the address and the official host: every sentence shown
// stands in the page or in a file of words, every verdict follows from the steps alone.

export const steps = ["fields", "signature", "log", "status", "dates"];

// Milliseconds for a file to arrive.
const patience = 15000;
// Bits in a status list.
const listLength = 131072;

// MARK: How a step ends

/** Ends a step: `failed`, or the cause for which it could not run; `why` names a sentence. */
class Ending extends Error {
  constructor(end, why, values) {
    super(why);
    Object.assign(this, { end, why, values });
  }
}
export const fail = (why, values) => {
  throw new Ending("failed", why, values);
};
export const leave = (cause, why, values) => {
  throw new Ending(cause, why, values);
};

/** Runs a step to its end: `passed`, `failed`, a state of the certificate, or a cause. */
export async function ending(run) {
  try {
    return { end: "passed", ...(await run()) };
  } catch (error) {
    if (error instanceof Ending) return { end: error.end, why: error.why, values: error.values };
    return { end: "unforeseen", why: "steps.broken", values: { reason: String(error) } };
  }
}

// MARK: Rules (docs/formats.md, "Verdicts"; Tests/Fixtures/verdicts.json)

/** What is wrong with a genuine certificate, gravest first. */
const states = ["revoked", "superseded", "suspended", "expired"];
const gravest = (found) => states.find((state) => found.includes(state));
const isCause = (end) => !["passed", "failed", ...states].includes(end);
const statusOf = { revocation: "revoked", suspension: "suspended" };

const dayOf = (moment) => moment?.slice(0, 10);

/** Days from one calendar day to another; NaN where one is missing. */
const days = (from, to) => (Date.parse(to) - Date.parse(from)) / 864e5;

/** Why a signed list does not count on a day; undefined where it does. */
function listCause({ validFrom, validUntil }, today) {
  if (days(today, validFrom) > 1) return "clock";
  const span = days(validFrom, validUntil);
  return span >= 0 && span <= 31 && days(today, validUntil) >= 0 ? undefined : "outdated";
}

/**
 * How the status step ends.
 * @param lists by purpose: `failed`, a cause, or `validFrom`, `validUntil` and `isSet` of a signed list
 * @param stated the page's own word
 * @returns the end; where a list that says nothing is the reason, its purpose and what is wrong with
 *   it; and whether a list was missing
 */
export function statusEnding(lists, stated, today) {
  const read = Object.entries(statusOf).map(([purpose, state]) => {
    const list = lists[purpose];
    return { purpose, state, cause: typeof list === "string" ? list : listCause(list, today), isSet: list.isSet };
  });
  const missing = read.find(({ cause }) => cause && cause !== "failed");
  const end = (word, reason) => ({ ...reason, end: word, isPartial: Boolean(missing) });
  const wrong = read.find(({ cause }) => cause === "failed");
  if (wrong) return end("failed", wrong);
  const told = read.filter(({ cause, isSet }) => !cause && isSet).map(({ state }) => state);
  const own = read.find(({ state }) => state === stated);
  const worst = gravest([...told, ...(stated === "superseded" || own?.cause ? [stated] : [])]);
  // A page that says worse than the list that would know is not what was published.
  if (own && !own.cause && !own.isSet && gravest([worst, stated]) === stated) return end("failed");
  if (worst) return end(worst, own?.state === worst ? own : undefined);
  return missing ? end(missing.cause, missing) : end("passed");
}

export function datesEnding({ issued, expires }, today) {
  return today < issued ? "clock" : today > expires ? "expired" : "passed";
}

/**
 * The verdict that follows from the steps' endings, in the order of the steps.
 * @param address `official`, `other`, `loopback` or `file`
 */
export function verdict(endings, address) {
  const all = ["file", ...steps].flatMap((step) => endings[step] ?? []);
  const ends = all.map(({ end }) => end);
  const cause = ends.find(isCause);
  const isWhole = !cause && !all.some(({ isPartial }) => isPartial);
  if (["other", "loopback"].includes(address)) return { name: "copy", isWhole };
  if (ends.includes("failed")) return { name: "not_genuine", isWhole };
  const state = gravest(ends);
  return state || !cause ? { name: state ?? "valid", isWhole } : { name: "unchecked", isWhole, cause };
}

/** What a page's place is to the official host. */
export function addressOf({ protocol, host, hostname }, official) {
  if (protocol === "file:") return "file";
  if (host.replace(/\.(?=:|$)/, "") === official) return "official";
  return /^(?:(?:.+\.)?localhost\.?|127(?:\.\d+){3}|\[::1\])$/.test(hostname) ? "loopback" : "other";
}

// MARK: Bytes

const utf8 = (text) => new TextEncoder().encode(text);
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
export const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);
const join = (...parts) => new Uint8Array(parts.flatMap((part) => [...part]));
export const base64 = (text, why) => {
  try {
    return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt());
  } catch {
    return fail(why);
  }
};
const inBase64 = (bytes) => btoa(String.fromCharCode(...bytes));

async function sha256(bytes) {
  // Browsers hash and check signatures in secure contexts alone.
  if (!globalThis.crypto?.subtle) leave("insecure", "steps.insecure");
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

export const fingerprintOf = async (bytes) => hex(await sha256(bytes));

function base58(text) {
  const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  let number = 0n;
  for (const letter of text) {
    const digit = alphabet.indexOf(letter);
    if (digit < 0) return [];
    number = number * 58n + BigInt(digit);
  }
  const digits = number.toString(16);
  const bytes = digits.padStart(digits.length + (digits.length % 2), "0").match(/../g).map((pair) => parseInt(pair, 16));
  const zeros = /^1*/.exec(text)[0].length;
  return [...Array(zeros).fill(0), ...(number ? bytes : [])];
}

async function isSigned(key, signature, bytes) {
  // Names an insecure context.
  await sha256(bytes);
  try {
    const imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", imported, signature, bytes);
  } catch {
    return leave("browser", "steps.ed25519");
  }
}

// MARK: Keys

const prime = 2n ** 255n - 19n;
const order = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (number) => ((number % prime) + prime) % prime;

function power(base, exponent) {
  let result = 1n;
  for (let square = base; exponent; exponent >>= 1n, square = mod(square * square)) {
    if (exponent & 1n) result = mod(result * square);
  }
  return result;
}

const curve = mod(-121665n * power(121666n, prime - 2n));

/** The sum of two points of the curve (RFC 8032), each as x, y and their common denominator. */
function sum([x1, y1, z1], [x2, y2, z2]) {
  const [a, c, d] = [mod(z1 * z2), mod(x1 * x2), mod(y1 * y2)];
  const e = mod(curve * mod(c * d));
  const [f, g] = [a * a - e, a * a + e];
  return [mod(a * f * ((x1 + y1) * (x2 + y2) - c - d)), mod(a * g * (c + d)), mod(f * g)];
}

/** Whether 32 bytes are the one encoding of a point of prime order: for any other, anybody can sign. */
export function isSound(key) {
  const number = BigInt(`0x${hex([...key].reverse())}`);
  const y = number % 2n ** 255n;
  const square = mod((y * y - 1n) * power(mod(curve * y * y + 1n), prime - 2n));
  let x = power(square, (prime + 3n) / 8n);
  if (mod(x * x) !== square) x = mod(x * power(2n, (prime - 1n) / 4n));
  if (y >= prime || mod(x * x) !== square || !x) return false;
  if ((x & 1n) !== number >> 255n) x = prime - x;
  let total = [0n, 1n, 1n];
  for (let rest = order, point = [x, y, 1n]; rest; rest >>= 1n, point = sum(point, point)) {
    if (rest & 1n) total = sum(total, point);
  }
  return total[0] === 0n && total[1] === total[2];
}

// MARK: JSON

/** Canonical JSON, RFC 8785: objects, arrays, strings, whole numbers and booleans, and nothing else. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical)}]`;
  if (value && typeof value === "object") {
    return `{${Object.keys(value).sort().map((key) => `${canonical(key)}:${canonical(value[key])}`)}}`;
  }
  const plain = typeof value === "string" ? !/\p{Cs}/u.test(value) : typeof value === "boolean" || Number.isSafeInteger(value);
  if (!plain) throw new TypeError("not canonical");
  return JSON.stringify(value);
}

const members = (value) =>
  value && typeof value === "object"
    ? Object.values(value).reduce((sum, each) => sum + members(each), Array.isArray(value) ? 0 : Object.keys(value).length)
    : 0;

/** Parses JSON; a key that stands twice and a number with a fraction are refused. */
export function parse(bytes) {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  const value = JSON.parse(text);
  const bare = text.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  if (/\d[.eE]/.test(bare) || bare.split(":").length - 1 !== members(value)) throw new TypeError("not plain JSON");
  canonical(value);
  return value;
}

const agree = (one, other) => canonical(one ?? "") === canonical(other ?? "");

// MARK: The register

/** What a site publishes, each file asked for once. */
export class Register {
  #files = new Map();

  constructor(host) {
    Object.assign(this, { host, issuer: `did:web:${host.replaceAll(":", "%3A")}` });
  }

  #once(key, make) {
    if (!this.#files.has(key)) this.#files.set(key, make());
    return this.#files.get(key);
  }

  /** A file's bytes. A step that needs one that does not come could not be checked. */
  read(path, kind = "") {
    return this.#once(path, async () => {
      const patient = new AbortController();
      const timer = setTimeout(() => patient.abort(), patience);
      const file = path.split("/").slice(-1)[0] || path;
      try {
        // Tiles that are full never change; all else is asked for anew.
        const reply = await fetch(path, { signal: patient.signal, cache: kind === "tile" ? "default" : "no-cache" });
        // A host that answers everything with some page has not got the file.
        const isPage = /html/.test(reply.headers.get("content-type"));
        if (reply.status === 404 || reply.status === 410 || (reply.ok && isPage !== (kind === "page"))) return leave("missing", "steps.missing", { file });
        if (!reply.ok) return leave("connection", "steps.unreachable", { file });
        return new Uint8Array(await reply.arrayBuffer());
      } catch (error) {
        return error instanceof Ending ? Promise.reject(error) : leave("connection", "steps.unreachable", { file });
      } finally {
        clearTimeout(timer);
      }
    });
  }

  #json(path, why) {
    return this.#once(`json ${path}`, async () => {
      const bytes = await this.read(path);
      try {
        return parse(bytes);
      } catch {
        return fail(why);
      }
    });
  }

  credential(folder) {
    return this.#json(`${folder}credential.json`, "steps.signature.wrong");
  }

  /**
   * The issuer's keys as the DID document has them: those that may assert something by their ids,
   * newest first, and the log's own, where there is one.
   */
  keys() {
    return this.#once("keys", async () => {
      const document = await this.#json("/.well-known/did.json", "steps.signature.keys");
      const ids = document.assertionMethod ?? [];
      const keys = new Map();
      let log;
      for (const { id, type, controller, publicKeyMultibase: name } of document.verificationMethod ?? []) {
        const bytes = base58(name.slice(1));
        const isKey = type === "Multikey" && controller === this.issuer && name[0] === "z" && bytes.length === 34 && bytes[0] === 0xed && bytes[1] === 1;
        const key = { name, bytes: new Uint8Array(bytes.slice(2)) };
        if (!isKey || !id.startsWith(`${this.issuer}#`)) continue;
        if (!isSound(key.bytes)) fail("steps.signature.keys");
        if (id === `${this.issuer}#log`) log = key;
        else if (ids.includes(id)) keys.set(id, key);
      }
      const signing = ids.map((id) => keys.get(id) ?? fail("steps.signature.keys"));
      if (document.id !== this.issuer || !signing.length || signing.some(({ name }) => name === log?.name)) fail("steps.signature.keys");
      return { signing, log, byID: keys };
    });
  }

  /**
   * Data Integrity, eddsa-jcs-2022: the key of the issuer that signed a document.
   * @returns the key, and the moment that the proof is dated
   */
  async signer({ proof, ...document }) {
    const { proofValue, ...options } = proof ?? {};
    const key = (await this.keys()).byID.get(options.verificationMethod);
    const isKnown =
      key && `${Object.keys(options).sort()}` === "@context,created,cryptosuite,proofPurpose,type,verificationMethod" &&
      options.type === "DataIntegrityProof" && options.cryptosuite === "eddsa-jcs-2022" && options.proofPurpose === "assertionMethod" &&
      agree(options["@context"], document["@context"]) && isMoment(options.created) && proofValue?.[0] === "z";
    if (!isKnown) return {};
    const hashes = join(await sha256(utf8(canonical(options))), await sha256(utf8(canonical(document))));
    return (await isSigned(key.bytes, new Uint8Array(base58(proofValue.slice(1))), hashes)) ? { key, created: options.created } : {};
  }

  /** Insists that a key of the issuer signed a credential, in the days in which it was in use. */
  async checkSigned(credential) {
    const { key, created } = await this.signer(credential);
    if (credential.issuer?.id !== this.issuer || !key) fail("steps.signature.wrong");
    const history = (await this.#json("/keys.json", "steps.signature.keys")).keys ?? [];
    const { from, until = "9999" } = history.find((each) => each.key === key.name) ?? leave("missing", "steps.missing", { file: "keys.json" });
    // A proof is dated by the day of issue, or the key's first day where that came later.
    const { issued } = credential.credentialSubject.certificate;
    const day = issued > from ? issued : from;
    if (created !== day + credential.validFrom.slice(10) || day > until) fail("steps.signature.wrong");
    if (days(today(), day) > 1) leave("clock", "steps.status.clock", { date: day });
  }

  /**
   * Origin, size and root of the log, from a note that the log's key signed; without one, the newest.
   * @param isKept for a note that somebody kept: keys signed it that are retired since
   */
  async open(note, isKept) {
    const wrong = "steps.log.checkpoint";
    if (typeof note !== "string") fail(wrong);
    const { signing, log } = await this.keys();
    const keys = log ? [log] : isKept ? signing : signing.slice(0, 1);
    const end = note.lastIndexOf("\n\n") + 1;
    const text = note.slice(0, end);
    const origin = `${this.host}/log`;
    let isOpen = false;
    for (const line of note.slice(end + 1).split("\n")) {
      const [, name, packed] = /^\u2014 (\S+) ([\w+/=]+)$/.exec(line) ?? [];
      if (name !== origin) continue;
      const signature = base64(packed, wrong);
      for (const { bytes } of keys) {
        const id = (await sha256(join(utf8(`${name}\n\u0001`), bytes))).slice(0, 4);
        if (!same(id, signature.slice(0, 4))) continue;
        if (!(await isSigned(bytes, signature.slice(4), utf8(text)))) fail(wrong);
        isOpen = true;
      }
    }
    // 15 digits: numbers that JavaScript counts without loss.
    const [, named, size, root] = /^(.+)\n(0|[1-9]\d{0,14})\n(.+)\n$/.exec(text) ?? [];
    if (!isOpen || named !== origin) fail(wrong);
    return { size: Number(size), root: base64(root, wrong) };
  }

  /** The signed checkpoint with the partial tiles of the tree's right edge. */
  #edge() {
    return this.#once("edge", async () => {
      const { checkpoint, tiles } = await this.#json("/log/edge.json", "steps.log.checkpoint");
      return { ...(await this.open(checkpoint)), tiles };
    });
  }

  /** The log's size, when the issuance of a certificate stands at an index of it. */
  async entry(fingerprint, index) {
    const { size, root, tiles } = await this.#edge();
    const leaf = await leafOf(fingerprint);
    if (!(index < size)) fail("steps.log.absent");
    const subtree = (level, at) => this.#subtree(size, tiles, level, at);
    // Each file is asked for at its turn; the path is as high as the tree.
    const climb = async (start, end) => {
      if (end - start === 1) return leaf;
      const middle = start + split(end - start);
      return index < middle
        ? node(await climb(start, middle), await treeHash(subtree, middle, end))
        : node(await treeHash(subtree, start, middle), await climb(middle, end));
    };
    if (!same(await climb(0, size), root)) fail("steps.log.absent");
    return size;
  }

  /** The hash over the 2^level leaves from at * 2^level, which are all in the tree, from its tile. */
  #subtree(size, edge, level, at) {
    return this.#once(`subtree ${level} ${at}`, async () => {
      const row = Math.floor(level / 8);
      const width = 2 ** (level % 8);
      const tile = Math.floor((at * width) / 256);
      const count = Math.min(256, Math.floor(size / 256 ** row) - tile * 256);
      if (width > 1) {
        return node(await this.#subtree(size, edge, level - 1, at * 2), await this.#subtree(size, edge, level - 1, at * 2 + 1));
      }
      const digits = String(tile).padStart(Math.ceil(String(tile).length / 3) * 3, "0");
      const path = `tile/${row}/${digits.replace(/\d{3}(?=\d)/g, "x$&/")}${count < 256 ? `.p/${count}` : ""}`;
      const bytes = await this.#tile(path, edge);
      if (bytes.length !== count * 32) fail("steps.log.absent");
      return bytes.slice((at % 256) * 32, (at % 256) * 32 + 32);
    });
  }

  /** A tile's hashes in a row; a partial one, which hundreds of leaves are read from, comes with the edge. */
  #tile(path, edge) {
    return this.#once(`hashes ${path}`, async () => (typeof edge?.[path] === "string" ? base64(edge[path], "steps.log.absent") : this.read(`/log/${path}`, "tile")));
  }

  /** Whether a signed status list names a certificate, and the days the list is good for. */
  async bit(purpose, index) {
    const { bits, ...good } = await this.#list(purpose, Math.floor(index / listLength));
    const bit = index % listLength;
    return { isSet: (bits[bit >> 3] & (0x80 >> (bit & 7))) !== 0, ...good };
  }

  #list(purpose, number) {
    return this.#once(`list ${purpose} ${number}`, async () => {
      const path = `/status/${purpose}/${number}`;
      const list = await this.#json(path, "steps.status.wrong");
      const { proof, validFrom, validUntil, ...rest } = list;
      const id = siteOf(list, this.host) + path;
      const encodedList = String(rest.credentialSubject?.encodedList);
      const isOurs = agree(rest, {
        "@context": [vocabulary],
        id,
        type: ["VerifiableCredential", "BitstringStatusListCredential"],
        issuer: this.issuer,
        credentialSubject: { id: `${id}#list`, type: "BitstringStatusList", statusPurpose: purpose, encodedList },
      });
      const areDated = [validFrom, validUntil].every((moment) => moment === undefined || isMoment(moment));
      const { key, created } = await this.signer(list);
      const isNewest = key && key === (await this.keys()).signing[0];
      // A list that is dated ahead itself tells of a wrong clock.
      const isAhead = (moment) => days(today(), dayOf(moment)) > 1;
      if (!isOurs || !areDated || !isNewest || (isAhead(created) && !isAhead(validFrom)) || encodedList[0] !== "u") fail("steps.status.wrong");
      if (!globalThis.DecompressionStream) leave("browser", "steps.gzip");
      const packed = base64(encodedList.slice(1), "steps.status.wrong");
      const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
      const bits = await new Response(stream).arrayBuffer().catch(() => fail("steps.status.wrong"));
      if (bits.byteLength * 8 < listLength) fail("steps.status.wrong");
      return { bits: new Uint8Array(bits), validFrom: dayOf(validFrom), validUntil: dayOf(validUntil) };
    });
  }
}

// MARK: The tree

export const node = async (left, right) => sha256(join([1], left, right));

export const leafOf = async (fingerprint) => {
  const id = hex(await sha256(utf8(`canting/v1/log\n${fingerprint}`)));
  return sha256(join([0], utf8(canonical({ certificate: id, type: "issued" }))));
};

/** The largest power of two below a size. */
export function split(size) {
  let half = 1;
  while (half * 2 < size) half *= 2;
  return half;
}

async function treeHash(subtree, start, end) {
  const size = end - start;
  const half = split(size);
  const isWhole = size === 1 || size === half * 2;
  if (isWhole && start % size === 0) return subtree(Math.round(Math.log2(size)), start / size);
  return node(await treeHash(subtree, start, start + half), await treeHash(subtree, start + half, end));
}

// MARK: Days

const pad = (number) => String(number).padStart(2, "0");

/** The device's own calendar day. */
const today = () => {
  const now = new Date();
  return `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
};

/** This moment on this device, for a sentence that says when something was checked. */
export const moment = () => {
  const now = new Date();
  return { day: today(), time: `${pad(now.getHours())}:${pad(now.getMinutes())}` };
};

/** Whether a text is a date and a time with its offset. */
function isMoment(text) {
  const [, day] = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  return day !== undefined && !Number.isNaN(Date.parse(text)) && new Date(`${day}T00:00Z`).toISOString().slice(0, 10) === day;
}

/** What a browser writes in a language; a malformed tag, from wherever it comes, is taken for English. */
function written(tag, write) {
  try {
    return write(tag);
  } catch {
    return write("en-GB");
  }
}

const inWords = (day, locale) =>
  written(locale, (tag) =>
    new Intl.DateTimeFormat(tag, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC", numberingSystem: "latn", calendar: "gregory" }).format(new Date(`${day}T00:00Z`)),
  );

// MARK: The page

/** The text of a field, which must be the same wherever the page shows it; undefined where it does not. */
function shown(page, name) {
  const places = [...page.querySelectorAll(`[data-field="${name}"]`)];
  const [text, ...others] = places.map((each) => (each.childElementCount ? fail("steps.fields.contradicts") : each.textContent));
  if (others.some((other) => other !== text)) fail("steps.fields.contradicts");
  return text;
}

/** A day of the page: what programs read and what people read, in both languages. */
function shownDay(page, name) {
  const places = [...page.querySelectorAll(`time[data-field="${name}"]`)];
  const [day] = places.map((each) => each.dateTime);
  for (const each of places) {
    const { lang } = each.closest("[lang]");
    if (!["en", "id"].includes(lang)) fail("steps.fields.contradicts");
    if (!Intl.DateTimeFormat.supportedLocalesOf(lang).length) leave("browser", "steps.broken", { reason: lang });
    if (each.dateTime !== day || each.textContent !== inWords(day, lang === "en" ? "en-GB" : lang)) fail("steps.fields.contradicts");
  }
  return day;
}

/** What a page says: the record rebuilt from the texts it shows, and all that the record does not cover. */
export function readPage(document) {
  const page = document.querySelector("main.certificate");
  if (!page) return undefined;
  const { host, status, fingerprint, salt, index, signed } = page.dataset;
  const read = () => {
    const revision = shown(page, "revision");
    const registration = shown(page, "registration");
    const record = {
      version: 1,
      number: shown(page, "number"),
      ...(revision && { revision: Number(revision) }),
      ...(registration && { registration }),
      holder: shown(page, "holder"),
      scheme: {
        code: shown(page, "scheme"),
        title: { en: shown(page, "title-en"), id: shown(page, "title-id") },
        units: [...page.querySelectorAll("[data-field=unit]")].map((each) => each.textContent),
      },
      issued: shownDay(page, "issued"),
      expires: shownDay(page, "expires"),
      issuer: { name: shown(page, "issuer"), licence: shown(page, "licence") },
      salt,
    };
    // What is printed and no part of the record can only be held against its second writing in the page.
    const years = shown(page, "years") ?? "";
    const isWhole =
      [...page.querySelectorAll("[data-printed]")].every((each) => each.textContent === each.dataset.printed) &&
      (!years || Number(years) === record.expires.slice(0, 4) - record.issued.slice(0, 4)) &&
      page.dataset.expires === record.expires && shown(page, "index") === index;
    return isWhole ? record : fail("steps.fields.contradicts");
  };
  return {
    host,
    status,
    fingerprint,
    signed,
    index: /^(0|[1-9]\d{0,14})$/.test(index) ? Number(index) : NaN,
    record: read,
    codes: () => ({
      code: shown(page, "code").replaceAll(" ", ""),
      fingerprint: shown(page, "fingerprint").replaceAll(" ", ""),
      url: shown(page, "url"),
      link: page.querySelector("[data-field=url]").getAttribute("href"),
    }),
  };
}

/** The path of a certificate's page, from its fingerprint or its code. */
export const folderOf = (code) => `/c/${code.slice(0, 2)}/${code.slice(2, 32)}/`;

// MARK: The steps

/**
 * Runs every step for a page, whatever becomes of the others.
 * @param page what `readPage` read
 * @param address the path at which the page was found
 * @param credential in place of the register's own, where somebody saved one
 * @param report told of each step as it ends
 * @returns the endings by step
 */
export async function check({ page, address, credential }, register, report = () => {}) {
  const folder = folderOf(page.fingerprint);
  // Without credentials, the log's checkpoint is what the institution signed.
  const byLog = page.signed === "log" && !credential;
  const document = byLog ? undefined : (credential ?? register.credential(folder));
  // Asked for with the first files, not after them; each step tells for itself what the keys lack.
  register.keys().catch(() => {});
  const record = async () => page.record();
  const run = {
    fields: async () => {
      const bytes = utf8(canonical(await record()));
      const hash = await fingerprintOf(bytes);
      const path = folderOf(hash);
      const [code] = /^\/c\/[0-9a-f]{2}\/[0-9a-f]{30}\//.exec(address) ?? leave("address", "steps.fields.address");
      if (code !== path) fail("steps.fields.differs");
      const { code: printed, fingerprint, url, link } = page.codes();
      const isOne = hash === page.fingerprint && hash === fingerprint && hash.slice(0, 32) === printed && url === link;
      if (!isOne || url.replace(/^https?:\/\//, "") !== register.host + path) fail("steps.fields.contradicts");
      return { why: "steps.fields.passed" };
    },
    signature: async () => {
      if (byLog) {
        await register.entry(page.fingerprint, page.index);
      } else {
        const signed = await document;
        if (!follows(signed, await record(), page, register)) fail("steps.signature.differs");
        await register.checkSigned(signed);
      }
      return { why: "steps.signature.passed", values: { host: register.host } };
    },
    log: async () => {
      const size = await register.entry(page.fingerprint, page.index);
      return { why: "steps.log.passed", values: { index: page.index, size } };
    },
    status: async () => {
      const read = async (purpose) => [purpose, await ending(() => register.bit(purpose, page.index))];
      const lists = Object.fromEntries(await Promise.all(Object.keys(statusOf).map(read)));
      const plain = Object.entries(lists).map(([purpose, list]) => [purpose, list.end === "passed" ? list : list.end]);
      const found = statusEnding(Object.fromEntries(plain), page.status, today());
      const { why, values, validFrom, validUntil } = lists[found.purpose ?? "revocation"];
      if (found.cause && why) return { ...found, why, values };
      const reasons = {
        passed: ["passed", validFrom],
        failed: ["contradicts"],
        clock: ["clock", validFrom],
        outdated: validUntil < today() ? ["old", validUntil] : ["undated"],
      };
      const [reason, date] = reasons[found.cause ?? found.end] ?? [found.end];
      return { ...found, why: `steps.status.${reason}`, values: { date } };
    },
    dates: async () => {
      const { issued, expires } = await record();
      const end = datesEnding({ issued, expires }, today());
      if (end === "clock") return { end, why: "steps.status.clock", values: { date: issued } };
      return { end, why: `steps.dates.${end}`, values: { today: today(), expires } };
    },
  };
  const endings = await Promise.all(
    steps.map(async (step) => {
      const end = await ending(run[step]);
      report(step, end);
      return [step, end];
    }),
  );
  return Object.fromEntries(endings);
}

const vocabulary = "https://www.w3.org/ns/credentials/v2";

/** The address of the site that a signed document is of. */
const siteOf = ({ id }, host) => `${/^http:/.test(id) ? "http" : "https"}://${host}`;

/** Whether a credential says what follows from the record, its place in the log and the host, and nothing else. */
function follows({ proof, ...document }, record, { fingerprint, index }, register) {
  const { version, salt, holder, issuer, ...printed } = record;
  const site = siteOf(document, register.host);
  const folder = site + folderOf(fingerprint);
  const offset = /[+-]\d\d:\d\d$/.exec(document.validFrom)?.[0];
  const digest = inBase64(fingerprint.match(/../g).map((pair) => parseInt(pair, 16)));
  const bit = index % listLength;
  return agree(document, {
    "@context": [vocabulary, `${site}/contexts/certificate-v1.jsonld`],
    credentialStatus: Object.keys(statusOf).map((statusPurpose) => {
      const statusListCredential = `${site}/status/${statusPurpose}/${Math.floor(index / listLength)}`;
      return { id: `${statusListCredential}#${bit}`, statusListCredential, statusListIndex: `${bit}`, statusPurpose, type: "BitstringStatusListEntry" };
    }),
    credentialSubject: { certificate: { ...printed, licence: issuer.licence, type: "CompetencyCertificate" }, name: holder, type: "Person" },
    id: `${folder}credential.json`,
    issuer: { id: register.issuer, name: issuer.name },
    relatedResource: [{ digestSRI: `sha256-${digest}`, id: `${folder}record.json`, mediaType: "application/json" }],
    type: ["VerifiableCredential", "CompetencyCredential"],
    validFrom: `${record.issued}T00:00:00${offset}`,
    validUntil: `${record.expires}T23:59:59${offset}`,
  });
}

// MARK: Words

// Sentences of the page's own language, by key.
const served = new Map();
// What is filled into an element's sentence.
const given = new WeakMap();
const spoken = document.documentElement.lang;
const tongue = document.querySelector(".tongue select");
// The words of another language than the page's own.
let chosen;
// Of the words that the browser's language asks for.
let arrival;

const texts = () => document.querySelectorAll("[data-t]");
for (const root of [document, ...[...document.querySelectorAll("template")].map(({ content }) => content)]) {
  for (const element of root.querySelectorAll("[data-t]")) served.set(element.dataset.t, element.dataset.en ?? element.firstChild?.data?.trim());
}

const locale = () => (chosen?.locale ?? tongue?.dataset.locale ?? spoken).replace("_", "-");

/** A sentence in the visitor's language; days and numbers are written as that language does. */
export function say(key, values) {
  const all = { ...document.querySelector("main").dataset, ...values };
  return (chosen?.words[key] ?? served.get(key) ?? key).replace(/\{(\w+)\}/g, (whole, name) => {
    const value = all[name]?.call ? all[name]() : all[name] ?? whole;
    if (typeof value === "number") return written(locale(), (tag) => new Intl.NumberFormat(tag, { numberingSystem: "latn" }).format(value));
    return /^\d{4}-\d\d-\d\d$/.test(value) ? inWords(value, locale()) : value;
  });
}

const write = (element) => {
  const text = say(element.dataset.t, given.get(element)) + (element.childNodes.length > 1 ? " " : "");
  if (element.dataset.case) element.dataset.en = text;
  else if (element.firstChild) element.firstChild.replaceWith(text);
  else element.append(text);
};

/** Puts a sentence into an element, where it follows the visitor's choice of a language. */
export function speak(element, key, values) {
  element.dataset.t = key;
  given.set(element, values);
  write(element);
}

const kept = {
  get: () => {
    try {
      return localStorage.getItem("language");
    } catch {
      // Storage is switched off: the browser's own languages decide.
      return null;
    }
  },
  set: (code) => {
    try {
      localStorage.setItem("language", code);
    } catch {
      // Then the choice holds for this page.
    }
  },
};

async function choose(code) {
  const option = [...tongue.options].find(({ value }) => value === code);
  try {
    chosen = code === spoken ? undefined : await (await fetch(option.dataset.words)).json();
  } catch {
    // The words did not come: the page stays as it is.
    tongue.value = document.documentElement.lang;
    return;
  }
  tongue.value = code;
  Object.assign(document.documentElement, { lang: code, dir: chosen?.direction ?? "ltr" });
  document.documentElement.toggleAttribute("data-words", Boolean(chosen));
  texts().forEach(write);
  for (const day of document.querySelectorAll("[data-day]")) day.textContent = inWords(day.dateTime, locale());
  document.dispatchEvent(new Event("words"));
}

/** Speaks the visitor's language, as far as the page has words for it. */
function startLanguages() {
  const plain = (tag) => {
    try {
      // Some systems pass on their own names for it, as in de_DE or en_US@posix.
      const { language, script } = new Intl.Locale(tag.replace(/[@.].*/, "").replaceAll("_", "-")).maximize();
      return `${language}-${script}`;
    } catch {
      // C, for instance, is the name of no language.
      return tag;
    }
  };
  const codes = [...tongue.options].map(({ value }) => value);
  // Who opened a page in a second language has chosen it; elsewhere the browser's languages count.
  const wanted = kept.get() ? [kept.get()] : (navigator.languages ?? []);
  const code = wanted.map((tag) => codes.find((each) => plain(each) === plain(tag))).find(Boolean);
  tongue.value = spoken;
  if (spoken === codes[0] && code && code !== spoken) arrival = choose(code);
  tongue.addEventListener("change", () => {
    kept.set(tongue.value);
    // Where the whole page stands in that language, that one is better than this one's words.
    const whole = [...document.querySelectorAll(".language")].find(({ hreflang }) => hreflang === tongue.value);
    if (whole) location.assign(whole.href);
    else choose(tongue.value);
  });
}

/** Shows how a step ended, in its place of a list of steps. */
export function showStep(list, step, { end, cause = end, why, values }) {
  const place = list.querySelector(`[data-step="${step}"]`);
  // A certificate that does not hold any more did not pass, however genuine it is.
  const result = ["passed", "running"].includes(end) ? end : isCause(cause) ? "open" : "failed";
  place.dataset.result = result;
  speak(place.querySelector("em"), `steps.${result}`);
  if (why) speak(place.querySelector("span"), why, values);
}

// MARK: The page of a certificate

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
