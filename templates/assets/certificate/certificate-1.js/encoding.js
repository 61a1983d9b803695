// Bytes and texts: UTF-8, hex, base64, base58, SHA-256, and canonical JSON.

import { fail, inconclusive } from "./outcome.js";

export const utf8 = (text) => new TextEncoder().encode(text);
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
export const equalBytes = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);
export const concatenate = (...parts) => new Uint8Array(parts.flatMap((part) => [...part]));
export const decodeBase64 = (text, why) => {
  try {
    return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt());
  } catch {
    return fail(why);
  }
};
export const encodeBase64 = (bytes) => btoa(String.fromCharCode(...bytes));

export async function sha256(bytes) {
  // Browsers hash and check signatures in secure contexts alone.
  if (!globalThis.crypto?.subtle) inconclusive("insecure", "steps.insecure");
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

export const fingerprintOf = async (bytes) => hex(await sha256(bytes));

export function decodeBase58(text) {
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

/** What gzip inflates to; fails where it is damaged, or inflates to more than a limit. */
export async function gunzip(packed, limit, why) {
  let at = 0;
  // In small pieces, each of which inflates to a megabyte at most.
  const pieces = new ReadableStream({
    pull: (controller) => (at < packed.length ? controller.enqueue(packed.subarray(at, (at += 1024))) : controller.close()),
  });
  const reader = pieces.pipeThrough(new DecompressionStream("gzip")).getReader();
  const parts = [];
  let size = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size += part.value.length;
      if (size > limit) throw new RangeError("too long");
      parts.push(part.value);
    }
  } catch {
    reader.cancel().catch(() => {});
    return fail(why);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
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

const memberCount = (value) =>
  value && typeof value === "object"
    ? Object.values(value).reduce((sum, each) => sum + memberCount(each), Array.isArray(value) ? 0 : Object.keys(value).length)
    : 0;

/** Parses JSON; a key that stands twice and a number with a fraction are refused. */
export function parseJSON(bytes) {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  const value = JSON.parse(text);
  const bare = text.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  if (/\d[.eE]/.test(bare) || bare.split(":").length - 1 !== memberCount(value)) throw new TypeError("not plain JSON");
  canonical(value);
  return value;
}

export const areEqual = (one, other) => canonical(one ?? "") === canonical(other ?? "");
