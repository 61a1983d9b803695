// Witnesses: who cosigned a state of the log, by the policy that the site publishes (C2SP tlog-policy and
// tlog-cosignature).

import { dayOf, days, today } from "./days.js";
import { concatenate, decodeBase64, equalBytes, sha256, utf8 } from "./encoding.js";
import { isPrimeOrderKey, isSigned } from "./keys.js";

/** The last day on which a witness, named by its verifier key, cosigned a text; undefined where it did not. */
async function dayOfCosignature(verifier, text, lines) {
  const [, name, packed] = /^([^+]+)\+[0-9a-f]{8}\+(.+)$/.exec(verifier) ?? [];
  const key = decodeBase64(packed ?? "");
  if (key[0] !== 4 || key.length !== 33 || !isPrimeOrderKey(key.slice(1))) return undefined;
  const id = (await sha256(concatenate(utf8(`${name}\n`), key))).slice(0, 4);
  const found = [];
  for (const line of lines) {
    const [, signer, signed] = /^\u2014 (\S+) ([\w+/=]+)$/.exec(line) ?? [];
    if (signer !== name) continue;
    const bytes = decodeBase64(signed);
    if (bytes.length !== 76 || !equalBytes(id, bytes.slice(0, 4))) continue;
    const seconds = Number(new DataView(bytes.buffer).getBigUint64(4));
    const day = seconds > 0 && seconds < 253402300800 ? dayOf(new Date(seconds * 1000).toISOString()) : undefined;
    const isOld = day && days(today(), day) <= 1;
    if (isOld && (await isSigned(key.slice(1), bytes.slice(12), utf8(`cosignature/v1\ntime ${seconds}\n${text}`)))) found.push(day);
  }
  return found.sort().pop();
}

/**
 * Holds a note against a policy.
 * @returns the witnesses that cosigned it, each with its day, and whether they are a quorum
 */
export async function readWitnesses(policy, note) {
  const end = note.lastIndexOf("\n\n") + 1;
  const witnesses = [];
  // By the names of witnesses and groups.
  const isMet = new Map();
  let isQuorum = false;
  for (const line of policy.split("\n")) {
    const [kind, name, ...rest] = line.split(/[ \t]+/).filter(Boolean);
    if (kind === "witness") {
      const day = await dayOfCosignature(rest[0], note.slice(0, end), note.slice(end + 1).split("\n"));
      isMet.set(name, Boolean(day));
      if (day) witnesses.push({ name, day });
    } else if (kind === "group") {
      const [count, ...members] = rest;
      const needed = { all: members.length, any: 1 }[count] ?? Number(count);
      isMet.set(name, members.filter((each) => isMet.get(each)).length >= needed);
    } else if (kind === "quorum") {
      isQuorum = name === "none" || isMet.get(name) === true;
    }
  }
  return { witnesses, isQuorum };
}
