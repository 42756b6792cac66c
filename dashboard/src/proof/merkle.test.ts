// @vitest-environment node
import { describe, expect, it } from "vitest";
import vectors from "../../../tests/vectors/audit/rfc6962.json";
import { type Bytes, sameBytes, toHex } from "./bytes";
import { leafHash, nodeHash, rootFrom } from "./merkle";

function fromHex(hex: string): Bytes {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** The tree as RFC 6962 defines it, by recursion: the other way to the same hashes. */
async function tree(leaves: Bytes[]): Promise<Bytes> {
  const [only] = leaves;
  if (leaves.length === 1 && only !== undefined) return leafHash(only);
  const split = splitOf(leaves.length);
  return nodeHash(await tree(leaves.slice(0, split)), await tree(leaves.slice(split)));
}

async function pathOf(leaves: Bytes[], index: number): Promise<Bytes[]> {
  if (leaves.length === 1) return [];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...(await pathOf(left, index)), await tree(right)]
    : [...(await pathOf(right, index - split)), await tree(left)];
}

function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

describe("an inclusion proof", () => {
  it.each(vectors.inclusion)(
    "of RFC 6962's reference data leads to the root: %o",
    async (proof) => {
      const { index, size, hashes } = proof;
      const leaf = await leafHash(fromHex(vectors.leaves[index] ?? ""));
      const root = await rootFrom(leaf, index, size, hashes.map(fromHex));
      expect(root && toHex(root)).toBe(vectors.roots[size]);
    },
  );

  it("leads to the root for every entry of every small tree, and for no other entry", async () => {
    const leaves = Array.from({ length: 18 }, (_, place) => Uint8Array.of(place, 7));
    for (let size = 1; size <= leaves.length; size += 1) {
      const entries = leaves.slice(0, size);
      const root = await tree(entries);
      for (const [index, entry] of entries.entries()) {
        const path = await pathOf(entries, index);
        const leaf = await leafHash(entry);
        expect(await rootFrom(leaf, index, size, path)).toEqual(root);
        const other = await rootFrom(leaf, (index + 1) % size, size, path);
        expect(size > 1 && other !== null && sameBytes(other, root)).toBe(false);
      }
    }
  });

  it("of the wrong length leads nowhere", async () => {
    const leaf = await leafHash(Uint8Array.of(1));
    expect(await rootFrom(leaf, 0, 1, [leaf])).toBeNull();
    expect(await rootFrom(leaf, 0, 2, [])).toBeNull();
    expect(await rootFrom(leaf, 2, 2, [leaf])).toBeNull();
    expect(await rootFrom(leaf, -1, 2, [leaf])).toBeNull();
  });

  it("works beyond 2^32 entries", async () => {
    const leaf = await leafHash(Uint8Array.of(1));
    const path = Array.from({ length: 33 }, () => leaf);
    expect(await rootFrom(leaf, 2 ** 32, 2 ** 32 + 1, [leaf])).not.toBeNull();
    expect(await rootFrom(leaf, 5, 2 ** 33, path)).not.toBeNull();
  });
});
