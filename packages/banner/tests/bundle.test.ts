import { expect, test } from "vitest";
import { testBundle } from "../../script/tests/bundle.ts";
import { attributes, said } from "./markup.ts";

const code = testBundle({
  root: `${import.meta.dirname}/..`,
  file: "banner.js",
  bytes: 10_100,
  // What belongs to the dashboard or the service, and would mean that a wrong module was taken in.
  foreign: [
    "react",
    "mantine",
    "/api/v1",
    "operator",
    "localStorage",
    "document.cookie",
    "console.",
  ],
});

test("every address in it is relative, but for the name space of SVG", () => {
  expect(code().match(/https?:\/\/[^"'`\s]+/g)).toEqual(["http://www.w3.org/2000/svg"]);
});

test("what minifying left of it still draws the banner", () => {
  // biome-ignore lint/security/noGlobalEval: the bundle is run as a browser runs it
  globalThis.eval(code());
  const banner = document.createElement("understudy-banner");
  for (const [name, value] of Object.entries(attributes())) banner.setAttribute(name, value);
  document.body.append(banner);
  expect(said(banner, ".lead")).toBe("Viewing as Ada Lovelace (Acme)");
  expect(said(banner, ".time")).toBe("26:41 left");
});
