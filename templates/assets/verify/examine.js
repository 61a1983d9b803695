// Certificates checked from a distance: by their code, or by a file that somebody saved. What a page
// does for itself is done here for the page as the register serves it.

import { addressOf, canonical, check, decodeBase64, ending, equalBytes, fail, fingerprintOf, folderOf, inconclusive, leafOf, node, parseJSON, readPage, Register, split, verdict } from "./certificate-1.js";

/** Longer files are none of ours. */
const longest = 2 ** 21;

const document = (bytes) => new DOMParser().parseFromString(new TextDecoder().decode(bytes), "text/html");

/** The verdict on what this very page, wherever it is, found out. */
const verdictHere = (endings, register) => verdict(endings, addressOf(location, register.host));

/** The register's own page of a certificate, or what is known instead: `not_found`, `erased`, or `unchecked` and why. */
async function publishedPage(folder, register) {
  const found = await ending(async () => {
    const bytes = await register.read(folder, "page");
    const found = document(bytes);
    const page = readPage(found);
    // Some hosts answer with a page of theirs, and "200 OK", where there is nothing.
    if (!page && found.querySelector("main[data-verdict=erased]")) return { erased: true };
    if (page) return { page, bytes };
    return found.querySelector("[data-verdict=not_found]") ? inconclusive("missing", "steps.missing") : inconclusive("connection", "steps.unreachable", { file: folder });
  });
  if (found.page) return found;
  if (found.erased) return { name: "erased" };
  return found.end === "missing" ? { name: "not_found" } : { name: "unchecked", cause: found.end, why: found.why, values: found.values };
}

const recordOf = async (page) => (await ending(async () => ({ record: page.record() }))).record;

/** Every step for a code or a fingerprint. */
export async function examineCode(code, register, report) {
  const folder = folderOf(code);
  const { page, ...missing } = await publishedPage(folder, register);
  if (!page) return { folder, ...missing, endings: {} };
  const endings = await check({ page, address: folder }, register, report);
  return { folder, ...verdictHere(endings, register), endings, record: await recordOf(page) };
}

/** Every step for a saved file, and whether it is what the register published. */
export async function examineFile(bytes, register, report) {
  let saved;
  const reported = (step, end) => {
    report(step, end);
    return end;
  };
  const read = await ending(async () => {
    saved = await identify(bytes);
  });
  if (!saved) {
    const isKnown = ["failed", "insecure"].includes(read.end);
    const file = reported("file", isKnown ? read : { end: "unforeseen", why: "steps.file.unknown" });
    return { ...verdictHere({ file }, register), endings: { file } };
  }
  const folder = folderOf(saved.fingerprint);
  const { page, bytes: published, name, cause } = await publishedPage(folder, register);
  if (!page) {
    const file = reported("file", await ending(() => (["not_found", "erased"].includes(name) ? saved.alone(register) : inconclusive(cause, "steps.unreachable", { file: folder }))));
    const isOpen = file.end !== "failed" && (!saved.isSigned || name === "erased");
    return { folder, ...(isOpen ? { name, cause } : verdictHere({ file }, register)), endings: { file } };
  }
  const [file, endings] = await Promise.all([
    ending(() => saved.compare(page, register, published)).then((end) => reported("file", end)),
    check({ page, address: folder, credential: saved.credential }, register, report),
  ]);
  const all = { file, ...endings };
  return { folder, ...verdictHere(all, register), endings: all, record: await recordOf(page) };
}

const unchanged = { why: "steps.file.passed" };
const unknown = () => inconclusive("unforeseen", "steps.file.unknown");

/**
 * What a saved file is: the certificate it speaks of, how to hold it against the register's page, and
 * what can be said of it where the register has none.
 */
async function identify(bytes) {
  if (bytes.length > longest) unknown();
  const text = new TextDecoder().decode(bytes);
  if (text.startsWith("c2sp.org/tlog-proof@v1")) return openProof(text);
  if (/^\s*\{/.test(text)) {
    const saved = parseJSON(bytes);
    if (saved.type?.includes?.("OpenBadgeCredential")) return openBadge(saved);
    return saved.proof ? openCredential(saved) : openRecord(saved, bytes);
  }
  const page = readPage(document(bytes));
  if (!page || !/^[0-9a-f]{64}$/.test(page.fingerprint)) unknown();
  return {
    fingerprint: page.fingerprint,
    // What is in a page besides its fields can say anything: nothing but the register's bytes will do.
    compare: async (_, register, published) => (equalBytes(bytes, published) ? unchanged : fail("steps.file.page")),
    alone: () => inconclusive("missing", "steps.missing", { file: "index.html" }),
  };
}

function openCredential(saved) {
  const [, digest] = /^sha256-(.{44})$/.exec(saved.relatedResource?.[0]?.digestSRI) ?? unknown();
  const fingerprint = Array.from(decodeBase64(digest, "steps.file.differs"), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return {
    fingerprint,
    credential: Promise.resolve(saved),
    isSigned: true,
    compare: async (_, register) => {
      await register.checkSigned(saved);
      return unchanged;
    },
    alone: async (register) => {
      await register.checkSigned(saved);
      inconclusive("missing", "steps.file.alone");
    },
  };
}

/** A badge. What is signed of it is RDF, which no browser writes, so that only the register's own one counts. */
function openBadge(saved) {
  const { fingerprint } = openCredential(saved);
  return {
    fingerprint,
    compare: async (_, register) => (canonical(saved) === canonical(parseJSON(await register.read(`${folderOf(fingerprint)}badge.json`))) ? unchanged : unknown()),
    alone: unknown,
  };
}

async function openRecord(saved, bytes) {
  const fingerprint = await fingerprintOf(bytes);
  if (saved.version !== 1 || !saved.holder) unknown();
  return {
    fingerprint,
    compare: async (page) => (canonical(saved) === canonical(page.record()) ? unchanged : fail("steps.file.differs")),
    alone: () => inconclusive("missing", "steps.missing", { file: "record.json" }),
  };
}

/** A tlog-proof, version 1. */
function openProof(text) {
  const end = text.indexOf("\n\n");
  const [, extra, at, ...path] = text.slice(0, end).split("\n");
  const [, packed] = /^extra (\S+)$/.exec(extra) ?? [""];
  const [, digits] = /^index (0|[1-9]\d{0,14})$/.exec(at) ?? [];
  const fingerprint = packed && new TextDecoder().decode(decodeBase64(packed, "steps.file.differs"));
  if (!digits || !/^[0-9a-f]{64}$/.test(fingerprint)) unknown();
  const index = Number(digits);
  const leads = async (register) => {
    const { size, root } = await register.openCheckpoint(text.slice(end + 2), true);
    const beside = path.map((hash) => decodeBase64(hash, "steps.log.absent"));
    const climb = async (place, count) => {
      if (count === 1) return leafOf(fingerprint);
      const middle = split(count);
      const sibling = beside.pop() ?? fail("steps.log.absent");
      return place < middle ? node(await climb(place, middle), sibling) : node(sibling, await climb(place - middle, count - middle));
    };
    if (!(index < size) || !equalBytes(await climb(index, size), root) || beside.length) fail("steps.log.absent");
  };
  return {
    fingerprint,
    isSigned: true,
    compare: async (page, register) => {
      await leads(register);
      return page.index === index ? unchanged : fail("steps.file.differs");
    },
    alone: async (register) => {
      await leads(register);
      inconclusive("missing", "steps.file.alone");
    },
  };
}
