import { type Bytes, concat, sha256 } from "./bytes";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The hash of an entry as a leaf (RFC 6962, section 2.1). */
export function leafHash(entry: Bytes): Promise<Bytes> {
  return sha256(concat(LEAF, entry));
}

export function nodeHash(left: Bytes, right: Bytes): Promise<Bytes> {
  return sha256(concat(NODE, left, right));
}

/**
 * The root that a leaf and its siblings lead to, by the loop of RFC 9162, section 2.1.3.2; null when
 * the path is not as long as that of entry `index` in a tree of `size`.
 */
export async function rootFrom(
  leaf: Bytes,
  index: number,
  size: number,
  path: Bytes[],
): Promise<Bytes | null> {
  if (index < 0 || index >= size) return null;
  // Numbers beyond 2^31 do not survive shifts in JavaScript.
  let node = BigInt(index);
  let last = BigInt(size - 1);
  let root = leaf;
  for (const sibling of path) {
    if (last === 0n) return null;
    if (node % 2n === 1n || node === last) {
      root = await nodeHash(sibling, root);
      while (node % 2n === 0n && node !== 0n) {
        node /= 2n;
        last /= 2n;
      }
    } else {
      root = await nodeHash(root, sibling);
    }
    node /= 2n;
    last /= 2n;
  }
  return last === 0n ? root : null;
}
