import { expect, it } from "vitest";
import { MalformedProof } from "./bytes";
import { parseCheckpoint } from "./checkpoint";

const ROOT = `${"A".repeat(43)}=`;
const LINES = `log.example/1\n42\n${ROOT}\n`;

it("reads the three lines, and lets a log add others", () => {
  for (const text of [LINES, `${LINES}an extension\nanother one\n`]) {
    const { origin, size, root } = parseCheckpoint(text);
    expect([origin, size, root.length]).toEqual(["log.example/1", 42, 32]);
  }
});

it("refuses what has fewer lines, an empty one, or a control character in one", () => {
  const short = `log.example/1\n42\n${ROOT}`;
  for (const text of ["", short, `${LINES}\n`, `${LINES}a\n\nb\n`, `${LINES}a\tb\n`, `${LINES}a`]) {
    expect(() => parseCheckpoint(text)).toThrow(MalformedProof);
  }
});
