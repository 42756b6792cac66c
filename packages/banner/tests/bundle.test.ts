import { gzipSync } from "node:zlib";
import { build } from "vite";
import { beforeAll, expect, test } from "vitest";
import { attributes, said } from "./markup.ts";

let code: string;

beforeAll(async () => {
  const built = await build({
    root: `${import.meta.dirname}/..`,
    logLevel: "silent",
    build: { write: false },
  });
  const [output] = [built].flat();
  if (output === undefined || !("output" in output)) throw new Error("nothing was built");
  const [file] = output.output;
  expect(output.output).toHaveLength(1);
  expect(file.fileName).toBe("banner.js");
  code = file.code;
});

test("the bundle is one script that needs nothing else", () => {
  expect(code).not.toMatch(/\b(?:import|export|require)\b/);
});

test("it is smaller than 10 kB on the wire", () => {
  expect(gzipSync(code).length).toBeLessThan(10_000);
});

// What a strict policy forbids: markup and code made of text, style elements and style attributes.
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

// What belongs to the dashboard or the service, and would mean that a wrong module was taken in.
test.each([
  "react",
  "mantine",
  "/api/v1",
  "operator",
  "localStorage",
  "document.cookie",
  "console.",
])("nothing of it is about %s", (foreign) => {
  expect(code.toLowerCase()).not.toContain(foreign.toLowerCase());
});

test("every address in it is relative, but for the name space of SVG", () => {
  expect(code.match(/https?:\/\/[^"'`\s]+/g)).toEqual(["http://www.w3.org/2000/svg"]);
});

test("what minifying left of it still draws the banner", () => {
  // biome-ignore lint/security/noGlobalEval: the bundle is run as a browser runs it
  globalThis.eval(code);
  const banner = document.createElement("understudy-banner");
  for (const [name, value] of Object.entries(attributes())) banner.setAttribute(name, value);
  document.body.append(banner);
  expect(said(banner, ".lead")).toBe("Viewing as Ada Lovelace (Acme)");
  expect(said(banner, ".time")).toBe("26:41 left");
});
