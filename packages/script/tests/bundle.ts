import { gzipSync } from "node:zlib";
import { build } from "vite";
import { beforeAll, expect, test } from "vitest";

/** What one package's script is held to. */
interface Bounds {
  /** The package's folder. */
  readonly root: string;
  readonly file: string;
  /** It is smaller than this, compressed. */
  readonly bytes: number;
  /** Words that it does not contain, whatever their case. */
  readonly foreign: readonly string[];
}

/** Builds the script and tests what holds for every one; the tests of a package read its code. */
export function testBundle({ root, file, bytes, foreign }: Bounds): () => string {
  let code: string;

  beforeAll(async () => {
    const built = await build({ root, logLevel: "silent", build: { write: false } });
    const [output] = [built].flat();
    if (output === undefined || !("output" in output)) throw new Error("nothing was built");
    const [script] = output.output;
    expect(output.output).toHaveLength(1);
    expect(script.fileName).toBe(file);
    code = script.code;
  });

  test("the bundle is one script that needs nothing else", () => {
    expect(code).not.toMatch(/\b(?:import|export|require)\b/);
  });

  test(`it is smaller than ${bytes} bytes on the wire`, () => {
    expect(gzipSync(code).length).toBeLessThan(bytes);
  });

  // What a strict policy forbids: markup and code made of text, style elements and attributes.
  test.each([
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "document.write",
    "DOMParser",
    "eval(",
    "Function(",
    "createElement(`style`)",
    ".style.",
    "cssText",
  ])("it never uses %s", (forbidden) => {
    expect(code).not.toContain(forbidden);
  });

  test.each(foreign)("nothing of it is about %s", (word) => {
    expect(code.toLowerCase()).not.toContain(word.toLowerCase());
  });

  return () => code;
}
