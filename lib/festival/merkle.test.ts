import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { leafHash, merklePath, merkleRoot, rootOfPath } from "./merkle.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

/** The tree built from its leaves up, the other way round than the definition: pair by pair, an odd one waits. */
function rootFromBelow(leaves: readonly Uint8Array[]): string {
  let level = leaves.map((data) => createHash("sha256").update(Uint8Array.of(0)).update(data).digest());
  if (level.length === 0) return createHash("sha256").digest("hex");
  while (level.length > 1) {
    level = level.flatMap((left, index) => {
      if (index % 2 === 1) return [];
      const right = level[index + 1];
      return [
        right === undefined
          ? left
          : createHash("sha256").update(Uint8Array.of(1)).update(left).update(right).digest(),
      ];
    });
  }
  return level[0]?.toString("hex") ?? "";
}

/** The leaves of the reference tests of Certificate Transparency, and the roots of the first 1 to 8 of them. */
const LEAVES = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
];
const ROOTS = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

describe("the Merkle root", () => {
  test.each(ROOTS.map((root, index) => [index + 1, root] as const))(
    "of %d known leaves is the known one",
    (n, root) => {
      const leaves = LEAVES.slice(0, n).map((leaf) => leafHash(Buffer.from(leaf, "hex")));
      expect(merkleRoot(leaves)).toBe(root);
    },
  );

  test("of nothing is the hash of nothing", () => {
    expect(merkleRoot([])).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  test("is that of a tree built from below, for every size to 130", () => {
    for (let size = 0; size <= 130; size++) {
      const data = Array.from({ length: size }, (_, index) => utf8(`leaf ${index}`));
      expect(merkleRoot(data.map(leafHash))).toBe(rootFromBelow(data));
    }
  });

  test("changes with every bit, and with the order", () => {
    const leaves = ["a", "b", "c"].map((text) => leafHash(utf8(text)));
    const root = merkleRoot(leaves);
    expect(merkleRoot(leaves.toReversed())).not.toBe(root);
    expect(merkleRoot([...leaves.slice(0, 2), leafHash(utf8("b"))])).not.toBe(root);
  });

  test("tells a leaf from a node: two leaves' hashes as one leaf come to another root", () => {
    const [a, b] = [leafHash(utf8("a")), leafHash(utf8("b"))];
    expect(hex(leafHash(Buffer.concat([a, b])))).not.toBe(merkleRoot([a, b]));
  });
});

describe("a path", () => {
  const tree = (size: number) => Array.from({ length: size }, (_, index) => leafHash(utf8(`leaf ${index}`)));

  test("leads from every leaf of every tree to its root", () => {
    for (let size = 1; size <= 40; size++) {
      const leaves = tree(size);
      const root = merkleRoot(leaves);
      for (const [index, leaf] of leaves.entries())
        expect(rootOfPath(leaf, { index, size, path: merklePath(leaves, index) })).toBe(root);
    }
  });

  test("leads elsewhere from another leaf, another place, another size, or with another hash on the way", () => {
    const leaves = tree(11);
    const root = merkleRoot(leaves);
    const path = merklePath(leaves, 6);
    const leaf = leaves[6] ?? new Uint8Array();
    expect(rootOfPath(leafHash(utf8("other")), { index: 6, size: 11, path })).not.toBe(root);
    for (let index = 0; index < 11; index++)
      if (index !== 6) expect(rootOfPath(leaf, { index, size: 11, path })).not.toBe(root);
    expect(rootOfPath(leaf, { index: 6, size: 7, path })).not.toBe(root);
    expect(rootOfPath(leaf, { index: 6, size: 11, path: path.slice(1) })).toBeNull();
    expect(rootOfPath(leaf, { index: 11, size: 11, path })).toBeNull();
    for (const [at, one] of path.entries()) {
      const flipped = one.with(0, (one[0] ?? 0) ^ 1);
      expect(rootOfPath(leaf, { index: 6, size: 11, path: path.with(at, flipped) })).not.toBe(root);
    }
  });

  test("is none for a leaf that is not there", () => {
    expect(() => merklePath(tree(3), 3)).toThrow("no leaf 3 of 3");
  });
});
