// The register: the files that a site publishes, read once, each checked before it is believed.

import { listLength, longestList, siteOf, vocabulary } from "./credential.js";
import { dayOf, days, isMoment, today } from "./days.js";
import { areEqual, canonical, concatenate, decodeBase58, decodeBase64, equalBytes, gunzip, parseJSON, sha256, utf8 } from "./encoding.js";
import { isPrimeOrderKey, isSigned } from "./keys.js";
import { fail, inconclusive, StepOutcome } from "./outcome.js";
import { leafOf, node, split, treeHash } from "./tree.js";
import { readWitnesses } from "./witnesses.js";

// Milliseconds for a file to arrive.
const timeout = 15000;

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
      const controller = new AbortController();
      const timer = setTimeout(() => controller.abort(), timeout);
      // What is numbered is named with what it is a part of.
      const file = path.match(/[^/]+(\/x?\d+)*$/)?.[0] ?? path;
      try {
        // Tiles that are full never change; all else is asked for anew.
        const reply = await fetch(path, { signal: controller.signal, cache: kind === "tile" ? "default" : "no-cache" });
        // A host that answers everything with some page has not got the file.
        const isPage = /html/.test(reply.headers.get("content-type"));
        if (reply.status === 404 || reply.status === 410 || (reply.ok && isPage !== (kind === "page"))) return inconclusive("missing", "steps.missing", { file });
        if (!reply.ok) return inconclusive("connection", "steps.unreachable", { file });
        return new Uint8Array(await reply.arrayBuffer());
      } catch (error) {
        return error instanceof StepOutcome ? Promise.reject(error) : inconclusive("connection", "steps.unreachable", { file });
      } finally {
        clearTimeout(timer);
      }
    });
  }

  #json(path, why) {
    return this.#once(`json ${path}`, async () => {
      const bytes = await this.read(path);
      try {
        return parseJSON(bytes);
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
        const bytes = decodeBase58(name.slice(1));
        const isKey = type === "Multikey" && controller === this.issuer && name[0] === "z" && bytes.length === 34 && bytes[0] === 0xed && bytes[1] === 1;
        const key = { name, bytes: new Uint8Array(bytes.slice(2)) };
        if (!isKey || !id.startsWith(`${this.issuer}#`)) continue;
        if (!isPrimeOrderKey(key.bytes)) fail("steps.signature.keys");
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
      areEqual(options["@context"], document["@context"]) && isMoment(options.created) && proofValue?.[0] === "z";
    if (!isKnown) return {};
    const hashes = concatenate(await sha256(utf8(canonical(options))), await sha256(utf8(canonical(document))));
    return (await isSigned(key.bytes, new Uint8Array(decodeBase58(proofValue.slice(1))), hashes)) ? { key, created: options.created } : {};
  }

  /** Insists that a key of the issuer signed a credential, in the days in which it was in use. */
  async checkSigned(credential) {
    const { key, created } = await this.signer(credential);
    if (credential.issuer?.id !== this.issuer || !key) fail("steps.signature.wrong");
    const history = (await this.#json("/keys.json", "steps.signature.keys")).keys ?? [];
    const { from, until = "9999" } = history.find((each) => each.key === key.name) ?? inconclusive("missing", "steps.missing", { file: "keys.json" });
    // A proof is dated by the day of issue, or the key's first day where that came later.
    const { issued } = credential.credentialSubject.certificate;
    const day = issued > from ? issued : from;
    if (created !== day + credential.validFrom.slice(10) || day > until) fail("steps.signature.wrong");
    if (days(today(), day) > 1) inconclusive("clock", "steps.status.clock", { date: day });
  }

  /**
   * Origin, size and root of the log, from a note that the log's key signed; without one, the newest.
   * @param isKept for a note that somebody kept: keys signed it that are retired since
   */
  async openCheckpoint(note, isKept) {
    const wrong = "steps.log.checkpoint";
    if (typeof note !== "string") fail(wrong);
    const { signing, log } = await this.keys();
    const keys = log ? [log] : isKept ? signing : signing.slice(0, 1);
    const end = note.lastIndexOf("\n\n") + 1;
    const text = note.slice(0, end);
    const origin = `${this.host}/log`;
    let isVerified = false;
    for (const line of note.slice(end + 1).split("\n")) {
      const [, name, packed] = /^\u2014 (\S+) ([\w+/=]+)$/.exec(line) ?? [];
      if (name !== origin) continue;
      const signature = decodeBase64(packed, wrong);
      for (const { bytes } of keys) {
        const id = (await sha256(concatenate(utf8(`${name}\n\u0001`), bytes))).slice(0, 4);
        if (!equalBytes(id, signature.slice(0, 4))) continue;
        if (!(await isSigned(bytes, signature.slice(4), utf8(text)))) fail(wrong);
        isVerified = true;
      }
    }
    // 15 digits: numbers that JavaScript counts without loss.
    const [, named, size, root] = /^(.+)\n(0|[1-9]\d{0,14})\n(.+)\n$/.exec(text) ?? [];
    if (!isVerified || named !== origin) fail(wrong);
    return { size: Number(size), root: decodeBase64(root, wrong) };
  }

  /** The signed checkpoint with the partial tiles of the tree's right edge. */
  #edge() {
    return this.#once("edge", async () => {
      const { checkpoint, tiles, policy } = await this.#json("/log/edge.json", "steps.log.checkpoint");
      return { ...(await this.openCheckpoint(checkpoint)), tiles, checkpoint, policy };
    });
  }

  /** Who cosigned the log's state, by the policy that the site publishes; undefined where it has none. */
  async witnesses() {
    const { checkpoint, policy } = await this.#edge();
    return typeof policy === "string" ? readWitnesses(policy, checkpoint) : undefined;
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
    if (!equalBytes(await climb(0, size), root)) fail("steps.log.absent");
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
    return this.#once(`hashes ${path}`, async () => (typeof edge?.[path] === "string" ? decodeBase64(edge[path], "steps.log.absent") : this.read(`/log/${path}`, "tile")));
  }

  /** Whether a signed status list names a certificate, and the days the list is good for. */
  async statusBit(purpose, index) {
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
      const isOurs = areEqual(rest, {
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
      if (!globalThis.DecompressionStream) inconclusive("browser", "steps.gzip");
      const packed = decodeBase64(encodedList.slice(1), "steps.status.wrong");
      const bits = await gunzip(packed, longestList, "steps.status.wrong");
      if (bits.length * 8 < listLength) fail("steps.status.wrong");
      return { bits, validFrom: dayOf(validFrom), validUntil: dayOf(validUntil) };
    });
  }
}
