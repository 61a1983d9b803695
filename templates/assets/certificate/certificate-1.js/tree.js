// Hashes of the log's Merkle tree (RFC 6962; docs/formats.md).

import { canonical, concatenate, hex, sha256, utf8 } from "./encoding.js";

export const node = async (left, right) => sha256(concatenate([1], left, right));

export const leafOf = async (fingerprint) => {
  const id = hex(await sha256(utf8(`canting/v1/log\n${fingerprint}`)));
  return sha256(concatenate([0], utf8(canonical({ certificate: id, type: "issued" }))));
};

/** The largest power of two below a size. */
export function split(size) {
  let half = 1;
  while (half * 2 < size) half *= 2;
  return half;
}

export async function treeHash(subtree, start, end) {
  const size = end - start;
  const half = split(size);
  const isWhole = size === 1 || size === half * 2;
  if (isWhole && start % size === 0) return subtree(Math.round(Math.log2(size)), start / size);
  return node(await treeHash(subtree, start, start + half), await treeHash(subtree, start + half, end));
}
