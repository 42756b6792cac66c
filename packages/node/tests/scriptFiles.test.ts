import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { scriptAnswer } from "../src/scriptFiles.ts";
import { type Answer, type Headers, Visit } from "../src/visit.ts";
import { buildScripts } from "../static.ts";

const directory = mkdtempSync(`${tmpdir()}/understudy-`);
const folder = pathToFileURL(`${directory}/`);
beforeAll(() => buildScripts(directory));
afterAll(() => rmSync(directory, { recursive: true }));

const visit = (...headers: Headers) =>
  new Visit({ method: "GET", origin: "http://app.test", base: "", headers });
const header = (answer: Answer, name: string) => new Map(answer.allHeaders()).get(name);

test.each([
  ["page.js", "_understudy_page"],
  ["banner.js", "understudy-banner"],
])("what is built is served, public and revalidated: %s", (name, word) => {
  const answer = scriptAnswer(name, visit(), folder);
  expect(Buffer.from(answer.body).toString()).toContain(word);
  expect(header(answer, "content-type")).toBe("text/javascript; charset=utf-8");
  expect(header(answer, "cache-control")).toBe("public, max-age=3600");
  expect(header(answer, "x-content-type-options")).toBe("nosniff");
  expect(header(answer, "content-length")).toBe(String(answer.body.length));
  const tag = header(answer, "etag") ?? "";
  const again = scriptAnswer(name, visit(["if-none-match", tag]), folder);
  const { status, body } = again;
  expect([status, body.length, header(again, "content-length")]).toEqual([304, 0, undefined]);
  expect(scriptAnswer(name, visit(["if-none-match", '"x"']), folder).status).toBe(200);
});

test("one that was not built is not found", () => {
  const nowhere = new URL("nowhere/", folder);
  expect(scriptAnswer("banner.js", visit(), nowhere).status).toBe(404);
});
