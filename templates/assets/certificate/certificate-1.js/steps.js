// The check of a certificate, step by step, in the visitor's own browser. Nothing is trusted but the
// code in the address and the official host. The command line's twin is
// `Sources/Verification/Certificate/CertificateVerifier.swift`, whose steps have the same names.

import { folderOf, matchesRecord } from "./credential.js";
import { today } from "./days.js";
import { canonical, fingerprintOf, utf8 } from "./encoding.js";
import { ending, fail, inconclusive } from "./outcome.js";
import { datesEnding, statusEnding, statusOf, steps } from "./verdict.js";

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
      const [code] = /^\/c\/[0-9a-f]{2}\/[0-9a-f]{30}\//.exec(address) ?? inconclusive("address", "steps.fields.address");
      if (code !== path) fail("steps.fields.differs");
      const { code: printed, fingerprint, url, link } = page.codes();
      const isOne = (await page.isPrintedWhole()) && hash === page.fingerprint && hash === fingerprint && hash.slice(0, 32) === printed && url === link;
      if (!isOne || url.replace(/^https?:\/\//, "") !== register.host + path) fail("steps.fields.contradicts");
      return { why: "steps.fields.passed" };
    },
    signature: async () => {
      if (byLog) {
        await register.entry(page.fingerprint, page.index);
      } else {
        const signed = await document;
        if (!matchesRecord(signed, await record(), page, register)) fail("steps.signature.differs");
        await register.checkSigned(signed);
      }
      return { why: "steps.signature.passed", values: { host: register.host } };
    },
    log: async () => {
      const size = await register.entry(page.fingerprint, page.index);
      // Witnesses add to a log that is the institution's; without them it is no other.
      const { witnesses = [], isQuorum } = (await register.witnesses().catch(() => ({ isQuorum: false }))) ?? { isQuorum: true };
      const seen = witnesses.length ? (isQuorum ? "cosigned" : "few") : isQuorum ? "passed" : "alone";
      return { why: `steps.log.${seen}`, values: { index: page.index, size, witnesses } };
    },
    status: async () => {
      const read = async (purpose) => [purpose, await ending(() => register.statusBit(purpose, page.index))];
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
