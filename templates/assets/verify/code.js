// What people type, paste or photograph, read as the code of a certificate.
// `Sources/Layout/Code/CodeReading.swift` has this grammar under the same names, and
// `Tests/Fixtures/addresses.json` the cases that both are held to.

/** How many letters of a text are read. */
const longest = 4096;
const lookalikes = { o: "0", l: "1", i: "1" };
const mark = /[\p{Ps}\p{Pe}\p{Pi}\p{Pf}"'<>*`|,;!\u3001\u060c\u061b\u061f]/u;
const between = /[\p{White_Space}\p{Pd}\p{Ps}\p{Pe}\p{Pi}\p{Pf}"'<>*`|,;!\u3001\u060c\u061b\u061f\u2212._·•:?]/gu;
const slash = /[/\\]/;

/** The path of the page of a certificate, from its code. */
export const pathOf = (code) => `/c/${code.slice(0, 2)}/${code.slice(2)}/`;

/**
 * Reads a code, a fingerprint, an address, or a text that holds one of them.
 * @returns {{code: string, fingerprint?: string, host?: string} | {problem: string, count?: number, found?: string | number}}
 */
export function read(text) {
  const letters = plain([...text].slice(0, longest).join(""));
  const words = glue(wordsOf(letters));
  if (isChecksum(words)) return readDigits(words[0]);
  const all = words.map(addresses);
  const found = all.flat().filter(({ tail }) => tail);
  if (!found.length) {
    const reading = readDigits(letters);
    if (reading.code) return reading;
  }
  // In one word, as in a link of Markdown, nobody can say which host is meant.
  const isDouble = all.some((each) => each.some(({ tail }) => tail) && new Set(each.map(({ site }) => site)).size > 1);
  const [site, ...others] = new Set(found.map((each) => each.site).filter((each) => each !== undefined));
  const readings = found.map(({ tail }) => judge(tail));
  const codes = [...readings, ...runs(words.filter((_, at) => !all[at].length)).map(judge)].filter(({ code }) => code);
  const differ = (key) => new Set(codes.map((each) => each[key]).filter(Boolean)).size > 1;
  if (isDouble || others.length || differ("code") || differ("fingerprint")) return { problem: "several" };
  if (site === null) return { problem: "page" };
  if (codes.length) return Object.assign({}, ...codes, site && { host: site });
  if (readings.length) return readings[0];
  return all.flat().some(({ isPlain }) => isPlain) ? { problem: "page" } : readDigits(letters);
}

// MARK: Letters

/** Full-width letters become plain ones, and letters that nobody sees are dropped. */
const plain = (text) => text.normalize("NFKC").replace(/\p{Default_Ignorable_Code_Point}/gu, "").replaceAll("\u3002", ".");

const lower = (text) => [...text].map((letter) => letter.toLowerCase()).join("");

/** The digits of a text, and whatever in it is neither a digit nor stands between digits. */
const digits = (text) => lower(text.replace(between, "")).replace(/[oli]/g, (letter) => lookalikes[letter]);

const isDigits = (text) => /^[0-9a-f]*$/.test(text);
const isWhole = (text) => isDigits(text) && (text.length === 32 || text.length === 64);

/** What a broken percent encoding stands for is nobody's guess: it stays. */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// MARK: Words

/** The words of a text, each with whether a line break stands before it. */
function wordsOf(text) {
  const words = text.matchAll(/(\p{White_Space}*)(\P{White_Space}+)/gu);
  return Array.from(words, ([, gap, letters]) => ({ letters, isBroken: /[^ ]/.test(gap) }));
}

/** Joins the parts of an address that a line break or the gaps between groups of digits tore apart. */
function glue(words) {
  const glued = [];
  for (const { letters, isBroken } of words) {
    const before = glued.at(-1);
    if (before !== undefined && goesOn(before, letters, isBroken)) glued[glued.length - 1] += letters;
    else glued.push(letters);
  }
  return glued;
}

function goesOn(before, letters, isBroken) {
  const isRelative = /^(?:[/\\](?![/\\])|c[/\\])/i.test(letters);
  const address = addresses(before).at(-1);
  if (!address) return isRelative && /[^.]\.[^.]/.test(before);
  const { tail } = address;
  if (tail === undefined) return isRelative || (isBroken && !schemeAt(letters, starts(letters)[0]) && !isWhole(digits(letters)));
  const head = digits(letters.replace(/^[/\\]+/, "").split(slash)[0].split(mark)[0]);
  return isDigits(tail) && tail.length < 32 && head !== "" && isDigits(head);
}

/** What `sha256sum` prints: a fingerprint and the name of a file. */
const isChecksum = ([first, second, ...more]) =>
  !more.length && second !== undefined && digits(first).length === 64 && isWhole(digits(first)) &&
  (second === "-" || (/\.(?:json|html?)$/i.test(second) && !schemeAt(second, 0)));

/** The codes among words: digits that are together as many as a code has, or one word that is. */
function runs(words) {
  const found = [];
  let run = [];
  for (const word of [...words, "\0"]) {
    const each = digits(word);
    if (isDigits(each)) {
      run.push(each);
    } else {
      found.push(...(isWhole(run.join("")) ? [run.join("")] : run.filter(isWhole)));
      run = [];
    }
  }
  return found;
}

// MARK: Addresses

/** How long the scheme is that begins at a place of a text, with its colon; 0 where none does. */
function schemeAt(text, at) {
  const scheme = /https?:|[a-z][a-z0-9+.-]*:(?=[/\\]{2})/iy;
  scheme.lastIndex = at;
  return scheme.exec(text)?.[0].length ?? 0;
}

/** Where the addresses of a word begin: after its first marks, and at each scheme that a mark stands before. */
function starts(word) {
  let start = 0;
  while (start < word.length && mark.test(word[start])) start += 1;
  const found = [start];
  for (let at = start; at < word.length; ) {
    const length = schemeAt(word, at);
    if (length && at > start) {
      // A label may stand before the first: "Code:https://…".
      if (mark.test(word[at - 1])) found.push(at);
      else if (found.length === 1 && !/[/\\.?#@]/.test(word.slice(start, at))) found[0] = at;
    }
    at += length || 1;
  }
  return found;
}

/** The addresses in a word. */
const addresses = (word) =>
  starts(word).map((start, at, all) => readAddress(word.slice(start, all[at + 1]))).filter(Boolean);

/**
 * Reads an address as browsers do: `site` is its host, with the folder that the site lies in; null where it is no host,
 * undefined where there is none. `tail` is what stands in the place of a code; `isPlain` means that the text is
 * an address without doubt.
 */
function readAddress(text) {
  const length = schemeAt(text, 0);
  const scheme = text.slice(0, length).toLowerCase();
  const [slashes] = /^[/\\]*/.exec(text.slice(length));
  let rest = text.slice(length + (scheme && !scheme.startsWith("http") ? 2 : slashes.length));
  let authority = /^[^/\\?#]*/.exec(rest)[0];
  let host;
  if (scheme || slashes.length > 1) {
    host = !authority && scheme && !scheme.startsWith("http") ? undefined : authority;
  } else if (!slashes && text[0] !== "?") {
    if (authority === text || !/[/\\]|[?&]code=/i.test(text)) return undefined;
    if (!["c", ".", ".."].includes(lower(authority))) host = authority.split(mark).at(-1);
  }
  if (host === undefined) authority = "";
  rest = rest.slice(authority.length);
  const isPlain = Boolean(scheme || slashes) || (/[^.]\.[^.]/.test(authority) && slash.test(rest[0]));
  const [path, query = ""] = rest.split("#")[0].split(/\?(.*)/s);
  const { tail, folder } = readPath(path, query);
  const name = host === undefined ? undefined : normalHost(host.slice(host.lastIndexOf("@") + 1), scheme);
  return { site: name && folder.length ? [name, ...folder].join("/") : name, tail, isPlain };
}

/** What stands in the place of a code, and the folders before it. */
function readPath(path, query) {
  const parts = [];
  for (const part of plain(decode(path)).split(slash)) {
    if (part === "..") parts.pop();
    else if (part && part !== ".") parts.push(part);
  }
  const at = parts.findIndex((part) => lower(part) === "c");
  if (at >= 0) return { tail: tailOf(parts.slice(at + 1)), folder: parts.slice(0, at) };
  const [asked] = query.split("&").filter((each) => /^code=/i.test(each));
  const folder = parts.filter((part) => !["verify", "id", "index.html"].includes(lower(part)));
  return { tail: asked && tailOf([plain(decode(asked.slice(5).replaceAll("+", " ")))]), folder };
}

/** The digits of the parts of a path, up to a whole code, a file's name, or a mark. */
function tailOf(parts) {
  let found = "";
  for (const part of parts) {
    if (isWhole(found) || /^[a-z-]+\.(?:html?|json)/i.test(part)) break;
    const [before, ...after] = part.split(mark);
    found += digits(before);
    if (after.length) break;
  }
  return found;
}

// MARK: Hosts

/**
 * A host as browsers write it, with its port where that is not the scheme's own, and without a dot at its end.
 * Without a scheme, both usual ports are dropped. Null for what is no host.
 */
export function normalHost(text, scheme = "") {
  const [, written, digits = ""] = /^(\[[^\]]*\]|[^:]*)(?::([0-9]*))?$/s.exec(text) ?? [];
  if (!written) return null;
  const port = Number(digits);
  if (digits.length > 9 || port > 65535) return null;
  const isUsual = !digits || (port === 443 && scheme !== "http:") || (port === 80 && scheme !== "https:");
  const end = isUsual ? "" : `:${port}`;
  const name = lower(plain(decode(written)));
  if (name.startsWith("[")) return /^\[[0-9a-f:.]+\]$/.test(name) ? name + end : null;
  const host = name.endsWith(".") ? name.slice(0, -1) : name;
  if (host.split(".").includes("") || /[\0-\x20#%/:<>?@[\\\]^|\x7f]/.test(host)) return null;
  return host.split(".").map(ascii).join(".") + end;
}

/** A label of a host in ASCII (RFC 3492), so that letters that look alike do not read alike. */
function ascii(label) {
  const points = Array.from(label, (letter) => letter.codePointAt(0));
  const basic = points.filter((point) => point < 128);
  if (basic.length === points.length) return label;
  const digit = (value) => value + (value < 26 ? 97 : 22);
  const output = basic.length ? [...basic, 45] : [];
  let [handled, next, delta, bias] = [basic.length, 128, 0, 72];
  while (handled < points.length) {
    const least = Math.min(...points.filter((point) => point >= next));
    delta += (least - next) * (handled + 1);
    next = least;
    for (const point of points) {
      if (point < next) delta += 1;
      if (point !== next) continue;
      let left = delta;
      for (let place = 36; ; place += 36) {
        const threshold = Math.min(Math.max(place - bias, 1), 26);
        if (left < threshold) break;
        output.push(digit(threshold + ((left - threshold) % (36 - threshold))));
        left = Math.floor((left - threshold) / (36 - threshold));
      }
      output.push(digit(left));
      delta = Math.floor(delta / (handled === basic.length ? 700 : 2));
      handled += 1;
      delta += Math.floor(delta / handled);
      let steps = 0;
      for (; delta > 455; steps += 36) delta = Math.floor(delta / 35);
      bias = steps + Math.floor((36 * delta) / (delta + 38));
      delta = 0;
    }
    delta += 1;
    next += 1;
  }
  return `xn--${String.fromCharCode(...output)}`;
}

// MARK: Digits

/** A code, a fingerprint, or a number, alone or after a label: "Code: …", "code=…", "sha256:…". */
function readDigits(text) {
  if (isWhole(digits(text))) return judge(digits(text));
  const colon = text.search(/[:=]/);
  const isLabelled = /[g-z]|[^\0-\x7f]/i.test(text.slice(0, Math.max(colon, 0))) && [...text].length - colon > 20;
  const bare = isLabelled ? text.slice(colon + 1) : text;
  return looksLikeNumber(bare) ? { problem: "number" } : judge(digits(bare));
}

/** What digits are: a code, a fingerprint, or too many or too few of them. */
function judge(found) {
  const strange = /[^0-9a-f]/u.exec(found);
  if (strange) return { problem: "strange", found: strange[0] };
  const count = found.length;
  if (count === 32) return { code: found };
  if (count === 64) return { code: found.slice(0, 32), fingerprint: found };
  if (count === 0) return { problem: "empty" };
  if (count === 31) return { problem: "one_missing" };
  if (count === 33) return { problem: "one_extra" };
  if (count < 32) return { problem: "missing", count: 32 - count, found: count };
  if (count < 48) return { problem: "extra", count: count - 32, found: count };
  if (count < 64) return { problem: "fingerprint_missing", count: 64 - count };
  return { problem: "fingerprint_extra", count: count - 64, found: count };
}

/** 13134 7318 2 0001234 2025 and BTK.0000.00123.2025, as printed. */
const looksLikeNumber = (text) =>
  /^[^0-9]*[0-9]{5}[\s\p{Pd}./]*[0-9]{4}[\s\p{Pd}./]*[0-9][\s\p{Pd}./]*[0-9]{7}[\s\p{Pd}./]*[0-9]{4}[^0-9]*$/u.test(text) ||
  /^[^0-9]*[a-z]{3}[\s\p{Pd}./]+[0-9]{3,4}[\s\p{Pd}./]+[0-9]{4,6}[\s\p{Pd}./]+[0-9]{4}[^0-9]*$/iu.test(text);
