// What people type, paste or photograph, read as the code of a certificate.
// A code is whole (32 digits, or a fingerprint of 64 that begins with it) or it is none.

const separators = /[\s\u00ad\u200b-\u200f\u2060\ufeff\p{Pd}\u2212._·•:'"`,;()[\]<>]/gu;
const lookalikes = { o: "0", l: "1", i: "1" };
const address = /^(?:[a-z][a-z0-9+.-]*:)?\/\/|^[\w-]+(?:\.[\w-]+)+(?::\d+)?\/|^localhost[:/]|^\/|^c\//i;

const digits = (text) =>
  text.replace(separators, "").toLowerCase().replace(/[oli]/g, (letter) => lookalikes[letter]);

/** The path of the page of a certificate, from its code. */
export const pathOf = (code) => `/c/${code.slice(0, 2)}/${code.slice(2)}/`;

/**
 * Reads a code, a fingerprint or an address.
 * @returns {{code: string, host?: string} | {problem: string, count?: number, found?: string | number}}
 */
export function read(text) {
  // Mail programs and people put addresses between marks.
  const typed = text.normalize("NFKC").trim().replace(/^[<("'“‘«[]+|[>)"'”’»\],;]+$/g, "").trim();
  if (!typed) return { problem: "empty" };
  return address.test(typed) ? readAddress(typed) : readDigits(typed);
}

function readAddress(typed) {
  let url;
  try {
    const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed)
      ? typed
      : typed.replace(/^(\/\/|(?=[^/]))/, "https://").replace(/^https:\/\/(?=c\/)/i, "/");
    url = new URL(whole.replace(/\s+/g, ""), "https://here.invalid");
  } catch {
    return { problem: "page" };
  }
  const asked = url.searchParams.get("code");
  const inPath = /(?:^|\/)c\/(.+)$/i.exec(url.pathname);
  if (!asked && !inPath) return { problem: "page" };
  const tail = asked ?? inPath[1].replace(/\/(?:index\.html|[a-z]+\.json)$/i, "");
  const result = readDigits(decode(tail).replaceAll("/", ""));
  return url.host === "here.invalid" ? result : { ...result, host: url.host };
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function readDigits(typed) {
  // "Code: …", "sha256:…", and the line that sha256sum prints: all say more than the digits.
  const bare = typed.replace(/^[^:]*[g-z][^:]*:(?=.{20})/i, "").replace(/\s+[*]?(?:\S*\.json|-)\s*$/i, "");
  if (looksLikeNumber(bare)) return { problem: "number" };
  const found = digits(bare);
  const strange = /[^0-9a-f]/u.exec(found);
  if (strange) return { problem: "strange", found: strange[0] };
  const count = found.length;
  if (count === 32 || count === 64) return { code: found.slice(0, 32) };
  if (count === 0) return { problem: "empty" };
  if (count === 31) return { problem: "one_missing" };
  if (count === 33) return { problem: "one_extra" };
  if (count < 32) return { problem: "missing", count: 32 - count, found: count };
  if (count < 48) return { problem: "extra", count: count - 32, found: count };
  if (count < 64) return { problem: "fingerprint_missing", count: 64 - count };
  return { problem: "fingerprint_extra", count: count - 64, found: count };
}

// 13134 7318 2 0001234 2025 and BTK.0000.00123.2025, as printed.
const looksLikeNumber = (text) =>
  /^\s*\d{5}[\s.-]*\d{4}[\s.-]*\d[\s.-]*\d{7}[\s.-]*\d{4}\s*$/.test(text) ||
  /^\s*[a-z]{3}[\s.-]+\d{3,4}[\s.-]+\d{4,6}[\s.-]+\d{4}\s*$/i.test(text);
