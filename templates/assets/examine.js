// Certificates checked from a distance: by their code, or by a file that somebody saved. What a page
// does for itself is done here for the page as the register serves it.

import { Register, base64, canonical, check, ending, fail, fingerprintOf, folderOf, leafOf, leave, node, parse, readPage, same, split, verdict } from "./certificate.js";

/** Longer files are none of ours. */
const longest = 2 ** 21;

const document = (bytes) => new DOMParser().parseFromString(new TextDecoder().decode(bytes), "text/html");

/** On another host than the official one, nothing is more than a copy. */
const judged = (name, register) => (location.host === register.host || name === "not_genuine" ? name : "unchecked");

/** The register's own page of a certificate, or what is known instead: `not_found`, `erased`, or `unchecked` and why. */
async function publishedPage(folder, register) {
  const end = await ending(async () => {
    const found = document(await register.read(folder, "page"));
    const page = readPage(found);
    // Some hosts answer with a page of theirs, and "200 OK", where there is nothing.
    if (!page && found.querySelector("main[data-verdict=erased]")) return { erased: true };
    return page ? { page } : found.querySelector("[data-verdict=not_found]") ? leave("steps.missing") : leave("steps.unreachable", { file: folder });
  });
  if (end.page) return end;
  if (end.erased) return { name: "erased" };
  return { name: end.why === "steps.missing" ? "not_found" : "unchecked", ...end };
}

/** Every step for a code or a fingerprint. */
export async function examineCode(code, register, report) {
  const folder = folderOf(code);
  const { page, ...missing } = await publishedPage(folder, register);
  if (!page) return { folder, ...missing, endings: {} };
  const endings = await check({ page, address: folder }, register, report);
  return { folder, name: judged(verdict(endings, page.status), register), endings, record: (await ending(async () => ({ record: page.record() }))).record };
}

/** Every step for a saved file, and whether it is what the register published. */
export async function examineFile(bytes, register, report) {
  let saved;
  const told = (step, end) => {
    report(step, end);
    return end;
  };
  const read = await ending(async () => {
    saved = await open(bytes);
  });
  if (!saved) {
    const end = read.result === "failed" ? read : { result: "open", why: read.why === "steps.insecure" ? read.why : "steps.file.unknown" };
    return { name: end.result === "failed" ? "not_genuine" : "unchecked", endings: { file: told("file", end) } };
  }
  const folder = folderOf(saved.fingerprint);
  const { page, name } = await publishedPage(folder, register);
  if (!page) {
    const file = told("file", await ending(() => (["not_found", "erased"].includes(name) ? saved.alone(register) : leave("steps.unreachable", { file: folder }))));
    const isForged = file.result === "failed";
    return { folder, name: isForged ? "not_genuine" : saved.isSigned && name !== "erased" ? "unchecked" : name, endings: { file } };
  }
  const [file, endings] = await Promise.all([
    ending(() => saved.compare(page, register)).then((end) => told("file", end)),
    check({ page, address: folder, credential: saved.credential }, register, report),
  ]);
  const all = { file, ...endings };
  return { folder, name: judged(verdict(all, page.status), register), endings: all, record: (await ending(async () => ({ record: page.record() }))).record };
}

const agrees = { why: "steps.file.passed" };

/**
 * What a saved file is: the certificate it speaks of, how to hold it against the register's page, and
 * what can be said of it where the register has none.
 */
async function open(bytes) {
  if (bytes.length > longest) leave("steps.file.unknown");
  const text = new TextDecoder().decode(bytes);
  if (text.startsWith("c2sp.org/tlog-proof@v1")) return openProof(text);
  if (/^\s*\{/.test(text)) {
    const saved = parse(bytes);
    return saved.proof ? openCredential(saved) : openRecord(saved, bytes);
  }
  const page = readPage(document(bytes));
  if (!page || !/^[0-9a-f]{64}$/.test(page.fingerprint)) leave("steps.file.unknown");
  return {
    fingerprint: page.fingerprint,
    compare: async (_, register) => {
      const { fields } = await check({ page, address: folderOf(page.fingerprint) }, register);
      return fields.result === "passed" ? agrees : fields;
    },
    alone: () => leave("steps.missing", { file: "index.html" }),
  };
}

function openCredential(saved) {
  const [, digest] = /^sha256-(.{44})$/.exec(saved.relatedResource?.[0]?.digestSRI) ?? fail("steps.file.unknown");
  const fingerprint = Array.from(base64(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const signed = async (register) => {
    if (saved.issuer?.id !== register.issuer || !(await register.isSigned(saved))) fail("steps.signature.wrong");
  };
  return {
    fingerprint,
    credential: Promise.resolve(saved),
    isSigned: true,
    compare: async (_, register) => {
      await signed(register);
      return agrees;
    },
    alone: async (register) => {
      await signed(register);
      leave("steps.file.alone");
    },
  };
}

async function openRecord(saved, bytes) {
  const fingerprint = await fingerprintOf(bytes);
  if (saved.version !== 1 || !saved.holder) leave("steps.file.unknown");
  return {
    fingerprint,
    compare: async (page) => (canonical(saved) === canonical(page.record()) ? agrees : fail("steps.file.differs")),
    alone: () => leave("steps.missing", { file: "record.json" }),
  };
}

/** A tlog-proof, version 1. */
function openProof(text) {
  const end = text.indexOf("\n\n");
  const [, extra, at, ...path] = text.slice(0, end).split("\n");
  const [, packed] = /^extra (\S+)$/.exec(extra) ?? [""];
  const [, digits] = /^index (0|[1-9]\d{0,14})$/.exec(at) ?? [];
  const fingerprint = packed && atob(packed);
  if (!digits || !/^[0-9a-f]{64}$/.test(fingerprint)) leave("steps.file.unknown");
  const index = Number(digits);
  const leads = async (register) => {
    const { size, root } = await register.open(text.slice(end + 2));
    const beside = path.map(base64);
    const climb = async (place, count) => {
      if (count === 1) return leafOf(fingerprint);
      const middle = split(count);
      const sibling = beside.pop() ?? fail("steps.log.absent");
      return place < middle ? node(await climb(place, middle), sibling) : node(sibling, await climb(place - middle, count - middle));
    };
    if (!(index < size) || !same(await climb(index, size), root) || beside.length) fail("steps.log.absent");
  };
  return {
    fingerprint,
    isSigned: true,
    compare: async (page, register) => {
      await leads(register);
      return page.index === index ? agrees : fail("steps.file.differs");
    },
    alone: async (register) => {
      await leads(register);
      leave("steps.file.alone");
    },
  };
}
