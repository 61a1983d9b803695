// The rules by which steps end and a verdict follows from them (docs/formats.md, "Verdicts").
// The command line has them in `Sources/Verification/Verification.swift` and `Verification+Steps.swift`;
// `Tests/Fixtures/verdicts.json` holds both to the same vectors.

import { days } from "./days.js";

/** The steps of a check, in their order. */
export const steps = ["fields", "signature", "log", "status", "dates"];

/** What is wrong with a genuine certificate, gravest first. */
const states = ["revoked", "superseded", "suspended", "expired"];
const gravest = (found) => states.find((state) => found.includes(state));
export const isCause = (end) => !["passed", "failed", ...states].includes(end);
export const statusOf = { revocation: "revoked", suspension: "suspended" };

/** The key of a verdict's name, as it stands in a list or a stamp: `Revoked`, `Not genuine`. */
export const nameKey = (name) => (["valid", ...states].includes(name) ? `status.${name}` : `verdict.${name}.title`);
/** The key of a verdict's title where no page states it: the day of its status is not known. */
export const titleKey = (name) => (["valid", "expired"].includes(name) ? `verdict.${name}.title` : nameKey(name));

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
