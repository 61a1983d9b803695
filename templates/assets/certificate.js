// The check of a certificate, step by step, in the visitor's own browser; and the page that shows it.
// One file, so that a page needs one request for it; /verify/ checks with the same functions.
// Nothing here is trusted but the code in the address and the official host: every sentence shown
// stands in the page or in a file of words, every verdict follows from the steps alone.

export const steps = ["fields", "signature", "log", "status", "dates"];

const patience = 15000; // milliseconds for a file to arrive
const listLength = 131072; // bits in a status list

// MARK: How a step ends

/** Thrown to end a step: `failed`, or `open` when it could not be checked; `why` names a sentence. */
class Ending extends Error {
  constructor(result, why, values) {
    super(why);
    Object.assign(this, { result, why, values });
  }
}
export const fail = (why, values) => {
  throw new Ending("failed", why, values);
};
export const leave = (why, values) => {
  throw new Ending("open", why, values);
};

/** Runs a step to its end; whatever went wrong unforeseen was not checked. */
export async function ending(run) {
  try {
    return { result: "passed", ...(await run()) };
  } catch (error) {
    if (error instanceof Ending) return { result: error.result, why: error.why, values: error.values };
    return { result: "open", why: "steps.broken", values: { reason: String(error) } };
  }
}

/** The verdict that follows from the endings and from what the page states, by the rules of `canting verify`. */
export function verdict(endings, stated) {
  const all = Object.values(endings);
  if (all.some(({ result, state }) => result === "failed" && !state)) return "not_genuine";
  // Past its last day it is no longer valid, whatever lists that did not come would say.
  const late = stated === "valid" && endings.dates.state && endings.status.result === "open";
  if (all.some((each) => each.result === "open" && !(late && each === endings.status))) return "unchecked";
  return ["revoked", "superseded", "suspended", "expired"].find((one) => all.some(({ state }) => state === one)) ?? "valid";
}

// MARK: Bytes

const utf8 = (text) => new TextEncoder().encode(text);
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
export const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);
const join = (...parts) => new Uint8Array(parts.flatMap((part) => [...part]));
export const base64 = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt());

async function sha256(bytes) {
  // Browsers hash and check signatures in secure contexts alone.
  if (!globalThis.crypto?.subtle) leave("steps.insecure");
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
  await sha256(bytes); // names an insecure context
  try {
    const imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", imported, signature, bytes);
  } catch {
    return leave("steps.ed25519");
  }
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

const agree = (one, other) => (one === undefined) === (other === undefined) && (one === undefined || canonical(one) === canonical(other));

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
        if (reply.status === 404 || reply.status === 410 || (reply.ok && isPage !== (kind === "page"))) return leave("steps.missing", { file });
        if (!reply.ok) return leave("steps.unreachable", { file });
        return new Uint8Array(await reply.arrayBuffer());
      } catch (error) {
        return error instanceof Ending ? Promise.reject(error) : leave("steps.unreachable", { file });
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

  /** The issuer's keys by their ids, newest first: those of the DID document that may assert something. */
  keys() {
    return this.#once("keys", async () => {
      const document = await this.#json("/.well-known/did.json", "steps.signature.keys");
      const keys = new Map();
      for (const { id, type, controller, publicKeyMultibase } of document.verificationMethod ?? []) {
        const key = base58(publicKeyMultibase.slice(1));
        const isKey = type === "Multikey" && controller === this.issuer && publicKeyMultibase[0] === "z" && key.length === 34 && key[0] === 0xed && key[1] === 1;
        if (isKey && id.startsWith(`${this.issuer}#`) && document.assertionMethod?.includes(id)) keys.set(id, new Uint8Array(key.slice(2)));
      }
      if (document.id !== this.issuer || !keys.size) fail("steps.signature.keys");
      return keys;
    });
  }

  /** Data Integrity, eddsa-jcs-2022: whether one of the issuer's keys signed a document, and had its time. */
  async isSigned({ proof, ...document }) {
    const { proofValue, ...options } = proof ?? {};
    const keys = await this.keys();
    const key = keys.get(options.verificationMethod);
    const isKnown =
      key && options.type === "DataIntegrityProof" && options.cryptosuite === "eddsa-jcs-2022" &&
      options.proofPurpose === "assertionMethod" && agree(options["@context"], document["@context"]) && proofValue?.[0] === "z";
    if (!isKnown) return false;
    const hashes = join(await sha256(utf8(canonical(options))), await sha256(utf8(canonical(document))));
    if (!(await isSigned(key, new Uint8Array(base58(proofValue.slice(1))), hashes))) return false;
    // Only the newest key signs; for an older one, keys.json says until when it did.
    if (options.verificationMethod === keys.keys().next().value) return true;
    const days = (await this.#json("/keys.json", "steps.signature.keys")).keys ?? [];
    const { from, until = "9999" } = days.find((each) => options.verificationMethod.endsWith(`#${each.key}`)) ?? leave("steps.missing", { file: "keys.json" });
    const day = options.created?.slice(0, 10);
    return from <= day && day <= until;
  }

  /** Origin, size and root of the log, from a note that one of the issuer's keys signed. */
  async open(note) {
    const end = note.lastIndexOf("\n\n") + 1;
    const text = note.slice(0, end);
    const origin = `${this.host}/log`;
    let isOpen = false;
    for (const line of note.slice(end + 1).split("\n")) {
      const [, name, packed] = /^\u2014 (\S+) ([\w+/=]+)$/.exec(line) ?? [];
      if (name !== origin) continue;
      const signature = base64(packed);
      for (const key of (await this.keys()).values()) {
        const id = (await sha256(join(utf8(`${name}\n\u0001`), key))).slice(0, 4);
        if (!same(id, signature.slice(0, 4))) continue;
        if (!(await isSigned(key, signature.slice(4), utf8(text)))) fail("steps.log.checkpoint");
        isOpen = true;
      }
    }
    const [, named, size, root] = /^(.+)\n(0|[1-9]\d{0,14})\n(.+)\n$/.exec(text) ?? [];
    if (!isOpen || named !== origin) fail("steps.log.checkpoint");
    return { size: Number(size), root: base64(root) };
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
    return this.#once(`hashes ${path}`, async () => (edge[path] ? base64(edge[path]) : this.read(`/log/${path}`, "tile")));
  }

  /** Whether a signed status list names a certificate, and the day the list is of. */
  async bit(purpose, index) {
    const { bits, ...days } = await this.#list(purpose, Math.floor(index / listLength));
    const bit = index % listLength;
    return { isSet: (bits[bit >> 3] & (0x80 >> (bit & 7))) !== 0, ...days };
  }

  #list(purpose, number) {
    return this.#once(`list ${purpose} ${number}`, async () => {
      const path = `/status/${purpose}/${number}`;
      const list = await this.#json(path, "steps.status.wrong");
      const { type, statusPurpose, encodedList } = list.credentialSubject ?? {};
      const isOurs =
        list.issuer === this.issuer && list.id?.endsWith(path) && type === "BitstringStatusList" && statusPurpose === purpose && encodedList?.[0] === "u";
      if (!isOurs || !(await this.isSigned(list))) fail("steps.status.wrong");
      if (!globalThis.DecompressionStream) leave("steps.gzip");
      const stream = new Blob([base64(encodedList.slice(1))]).stream().pipeThrough(new DecompressionStream("gzip"));
      const bits = new Uint8Array(await new Response(stream).arrayBuffer());
      if (bits.length * 8 < listLength) fail("steps.status.wrong");
      return { bits, from: list.validFrom, until: list.validUntil };
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
export const split = (size) => 2 ** (Math.ceil(Math.log2(size)) - 1);

async function treeHash(subtree, start, end) {
  const size = end - start;
  const level = Math.log2(size);
  if (Number.isInteger(level) && start % size === 0) return subtree(level, start / size);
  const middle = start + split(size);
  return node(await treeHash(subtree, start, middle), await treeHash(subtree, middle, end));
}

// MARK: Days

const pad = (number) => String(number).padStart(2, "0");

/** The device's own calendar day. */
const today = () => {
  const now = new Date();
  return `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
};

const inWords = (day, locale) =>
  new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC", numberingSystem: "latn", calendar: "gregory" }).format(new Date(`${day}T00:00Z`));

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
    if (!Intl.DateTimeFormat.supportedLocalesOf(lang).length) leave("steps.broken", { reason: lang });
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
    index: Number(index),
    record: read,
    codes: () => ({
      code: shown(page, "code").replaceAll(" ", ""),
      fingerprint: shown(page, "fingerprint").replaceAll(" ", ""),
      url: shown(page, "url"),
      link: page.querySelector("[data-field=url]").getAttribute("href"),
      qr: page.querySelector(".qr path") && readQR(page.querySelector(".qr")),
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
      const [code] = /^\/c\/[0-9a-f]{2}\/[0-9a-f]{30}\//.exec(address) ?? leave("steps.fields.address");
      if (code !== path) fail("steps.fields.differs");
      const { code: printed, fingerprint, url, link, qr } = page.codes();
      const isOne = hash === page.fingerprint && hash === fingerprint && hash.slice(0, 32) === printed && url === link && (qr === null || qr === url);
      if (!isOne || url.replace(/^https?:\/\//, "") !== register.host + path) fail("steps.fields.contradicts");
      return { why: "steps.fields.passed" };
    },
    signature: async () => {
      if (byLog) {
        await register.entry(page.fingerprint, page.index);
      } else {
        const signed = await document;
        if (!says(signed, await record(), page)) fail("steps.signature.differs");
        if (signed.issuer.id !== register.issuer || !(await register.isSigned(signed))) fail("steps.signature.wrong");
      }
      return { why: "steps.signature.passed", values: { host: register.host } };
    },
    log: async () => {
      const size = await register.entry(page.fingerprint, page.index);
      return { why: "steps.log.passed", values: { index: page.index, size } };
    },
    status: async () => {
      const endings = await Promise.allSettled(["revocation", "suspension"].map((purpose) => register.bit(purpose, page.index)));
      const bad = endings.filter(({ reason }) => reason).sort((one, other) => (one.reason.result > other.reason.result ? 1 : -1));
      if (bad.length) throw bad[0].reason;
      const [revoked, suspended] = endings.map(({ value }) => value);
      for (const { from, until } of [revoked, suspended]) {
        if (!(until?.slice(0, 10) >= today())) leave("steps.status.old", { date: until?.slice(0, 10) });
        // A day apart may be the time zone; more is a wrong clock, and the dates cannot be told.
        if (new Date(from) - new Date() > 864e5) leave("steps.status.clock", { date: from.slice(0, 10) });
      }
      const state = revoked.isSet ? "revoked" : page.status === "superseded" ? "superseded" : suspended.isSet ? "suspended" : undefined;
      if (state) return { result: "failed", why: `steps.status.${state}`, state };
      if (["revoked", "suspended"].includes(page.status)) fail("steps.status.contradicts");
      return { why: "steps.status.passed", values: { date: revoked.from.slice(0, 10) } };
    },
    dates: async () => {
      const { expires } = await record();
      const values = { today: today(), expires };
      if (expires >= today()) return { why: "steps.dates.passed", values };
      return { result: "failed", why: "steps.dates.expired", values, state: "expired" };
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

/** Whether a credential says what the record says, names that record, and points at the certificate's place. */
function says({ credentialSubject: subject, credentialStatus: status, issuer, relatedResource }, record, { fingerprint, index }) {
  const { number, revision, registration, issued, expires, scheme, holder } = record;
  const certificate = { number, revision, registration, issued, expires, scheme, licence: record.issuer.licence };
  const digest = /^sha256-(.+)$/.exec(relatedResource?.[0]?.digestSRI)?.[1] ?? "";
  return (
    Object.entries(certificate).every(([key, value]) => agree(subject?.certificate?.[key], value)) &&
    subject.name === holder && issuer?.name === record.issuer.name && hex(base64(digest)) === fingerprint &&
    status?.length === 2 &&
    status.every(({ statusListCredential, statusListIndex }) =>
      Number(statusListCredential.split("/").pop()) * listLength + Number(statusListIndex) === index)
  );
}

// MARK: QR codes

/** The text of a QR code drawn in rows, of version 1 to 15 and correction M; undefined if there is none. */
function readQR(picture) {
  const whole = Number(picture.getAttribute("viewBox").split(" ")[2]);
  const size = whole - 8;
  const version = (size - 17) / 4;
  const rows = Array.from({ length: whole }, () => Array(whole).fill(false));
  for (const [, start, y, runs] of picture.querySelector("path").getAttribute("d").matchAll(/M(\d+) (\d+)\.5([^M]*)/g)) {
    let x = Number(start);
    for (const [, pen, length] of runs.matchAll(/([hm])(\d+)/g)) {
      if (pen === "h") rows[y]?.fill(true, x, x + Number(length));
      x += Number(length);
    }
  }
  const dark = (x, y) => rows[y + 4][x + 4];
  const blocks = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10][version - 1];
  const corrections = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24][version - 1];
  if (!blocks || !dark(0, 8) || dark(1, 8)) return undefined;

  const marks = Math.floor(version / 7) + 2;
  const apart = Math.ceil((version * 4 + 4) / (marks * 2 - 2)) * 2;
  const centres = version === 1 ? [] : [6, ...Array.from({ length: marks - 1 }, (_, at) => size - 7 - apart * at)];
  const near = (value) => centres.find((centre) => Math.abs(value - centre) < 3);
  const isDrawn = (x, y) => {
    const [a, b] = [near(x), near(y)];
    const inCorner = (a === 6 && b === 6) || (a === 6 && b === size - 7) || (a === size - 7 && b === 6);
    return (
      x === 6 || y === 6 || (x < 9 && y < 9) || (x < 9 && y >= size - 8) || (x >= size - 8 && y < 9) ||
      (a && b && !inCorner) || (version > 6 && ((x < 6 && y >= size - 11) || (y < 6 && x >= size - 11)))
    );
  };
  const mask = [2, 3, 4].reduce((bits, x) => bits * 2 + dark(x, 8), 0) ^ 5;
  const isTurned = [
    (x, y) => (x + y) % 2, (x, y) => y % 2, (x) => x % 3, (x, y) => (x + y) % 3,
    (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2, (x, y) => ((x * y) % 2) + ((x * y) % 3),
    (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2, (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
  ][mask];

  const bits = [];
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++) {
      const y = (right + 1) & 2 ? step : size - 1 - step;
      for (const x of [right, right - 1]) if (!isDrawn(x, y)) bits.push(dark(x, y) !== (isTurned(x, y) === 0));
    }
  }
  const number = (all, start, length) => all.slice(start, start + length).reduce((sum, bit) => sum * 2 + bit, 0);
  const words = Array.from({ length: bits.length >> 3 }, (_, at) => number(bits, at * 8, 8));

  // The words of the blocks lie interleaved; the later blocks may be one longer.
  const short = Math.floor(words.length / blocks) - corrections;
  const firstLong = blocks - (words.length % blocks);
  const parts = Array.from({ length: blocks }, () => []);
  for (let at = 0, next = 0; at <= short; at++) {
    for (let block = at < short ? 0 : firstLong; block < blocks; block++) parts[block].push(words[next++]);
  }
  const data = parts.flat().flatMap((word) => [...word.toString(2).padStart(8, "0")].map(Number));
  const width = version < 10 ? 8 : 16;
  if (number(data, 0, 4) !== 4) return undefined;
  const text = Array.from({ length: number(data, 4, width) }, (_, at) => number(data, 4 + width + at * 8, 8));
  return new TextDecoder().decode(new Uint8Array(text));
}

// MARK: Words

const served = new Map(); // sentences of the page's own language, by key
const given = new WeakMap(); // what is filled into an element's sentence
const spoken = document.documentElement.lang;
const tongue = document.querySelector(".tongue select");
let chosen; // the words of another language than the page's own
let arrival; // of the words that the browser's language asks for

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
    if (typeof value === "number") return new Intl.NumberFormat(locale(), { numberingSystem: "latn" }).format(value);
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
      return null; // Storage is switched off: the browser's own languages decide.
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
    tongue.value = document.documentElement.lang; // The words did not come: the page stays as it is.
    return;
  }
  tongue.value = code;
  Object.assign(document.documentElement, { lang: code, dir: chosen?.direction ?? "ltr" });
  document.documentElement.toggleAttribute("data-words", Boolean(chosen));
  texts().forEach(write);
  for (const day of document.querySelectorAll("[data-day]")) day.textContent = inWords(day.dateTime, locale());
  document.dispatchEvent(new Event("words"));
}

if (tongue?.options.length) {
  const plain = (tag) => {
    const { language, script } = new Intl.Locale(tag).maximize();
    return `${language}-${script}`;
  };
  const codes = [...tongue.options].map(({ value }) => value);
  // Who opened a page in a second language has chosen it; elsewhere the browser's languages count.
  const wanted = kept.get() ? [kept.get()] : navigator.languages;
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
export function showStep(list, step, { result, why, values }) {
  const place = list.querySelector(`[data-step="${step}"]`);
  place.dataset.result = result;
  speak(place.querySelector("em"), `steps.${result}`);
  if (why) speak(place.querySelector("span"), why, values);
}

// MARK: The page of a certificate

const main = document.querySelector("main.certificate");

function showVerdict(name) {
  for (const stack of main.querySelectorAll(".verdict .stack")) {
    const mould = stack.querySelector(`[data-case="${name}"]`);
    if (!mould) continue;
    const place = stack.firstElementChild;
    const second = Object.assign(document.createElement("i"), { lang: "id", textContent: mould.dataset.id });
    // What stood there keeps its room under the new words.
    const room = Object.assign(document.createElement("p"), { className: mould.className });
    room.dataset.case = "stated";
    room.append(...place.childNodes);
    stack.append(room);
    place.replaceChildren(" ", second);
    if (mould.dataset.again) {
      second.before(document.createElement("a"), " ");
      second.previousElementSibling.href = "";
      speak(second.previousElementSibling, "verdict.again");
    }
    speak(place, mould.dataset.t);
  }
  main.querySelector(".sign use").setAttribute("href", `#sign-${name}`);
  main.dataset.verdict = name;
}

/** Fills a sentence that stands in two languages. */
function fillBoth(paragraph, values) {
  speak(paragraph.firstElementChild, paragraph.firstElementChild.dataset.t, values);
  const second = paragraph.querySelector("[lang]");
  second.dataset.sentence ??= second.textContent;
  second.textContent = second.dataset.sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name]);
  paragraph.hidden = false;
}

async function checkThisPage() {
  const page = readPage(document);
  const isElsewhere = location.host !== page.host;
  if (isElsewhere) fillBoth(main.querySelector(".elsewhere"), { host: location.host || location.protocol });
  const list = main.querySelector(".stages");
  const outcome = main.querySelector(".outcome");
  const title = main.querySelector("h1").dataset.t;
  outcome.replaceChildren();
  speak(outcome, "verdict.running");
  for (const step of steps) showStep(list, step, { result: "running" });
  const endings = await check({ page, address: location.pathname }, new Register(page.host), (step, end) => showStep(list, step, end));
  const follows = verdict(endings, page.status);
  // A copy proves nothing, even where every step passes.
  const name = isElsewhere && follows !== "not_genuine" ? "unchecked" : follows;
  showVerdict(name);
  const done = Object.values(endings).filter(({ result }) => result === "passed").length;
  speak(outcome, done === steps.length ? "verdict.all_passed" : "verdict.some_passed", { done, all: steps.length });
  if (name === "unchecked") {
    outcome.append(document.createElement("br"), document.createElement("span"));
    speak(outcome.lastElementChild, "verdict.says", { title: () => say(title) });
  }
  await arrival; // What is heard is not said again in another language.
  const heard = [...main.querySelectorAll(".verdict h1, .verdict .sentence, .outcome")].map(({ firstChild }) => firstChild.data.trim());
  main.querySelector("[role=status].away").textContent = heard.join(" ");
}

function addTicks() {
  const list = main.querySelector(".lines");
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

if (main) {
  checkThisPage();
  addTicks();
}
