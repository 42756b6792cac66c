import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { scriptAnswer } from "../src/scriptFiles.ts";
import { type Answer, type Headers, Visit } from "../src/visit.ts";

const directory = mkdtempSync(join(tmpdir(), "understudy-"));
const folder = pathToFileURL(`${directory}/`);
writeFileSync(join(directory, "page.js"), "page;");
afterAll(() => rmSync(directory, { recursive: true }));

const visit = (...headers: Headers) =>
  new Visit({ method: "GET", origin: "http://app.test", base: "", headers });
const header = (answer: Answer, name: string) => new Map(answer.allHeaders()).get(name);

test("a script is public, and revalidated", () => {
  const answer = scriptAnswer("page.js", visit(), folder);
  expect(Buffer.from(answer.body).toString()).toBe("page;");
  expect(header(answer, "content-type")).toBe("text/javascript; charset=utf-8");
  expect(header(answer, "cache-control")).toBe("public, max-age=3600");
  expect(header(answer, "x-content-type-options")).toBe("nosniff");
  expect(header(answer, "content-length")).toBe("5");
  const tag = header(answer, "etag") ?? "";
  const again = scriptAnswer("page.js", visit(["if-none-match", tag]), folder);
  expect([again.status, again.body.length, header(again, "content-length")]).toEqual([
    304,
    0,
    undefined,
  ]);
  expect(scriptAnswer("page.js", visit(["if-none-match", '"x"']), folder).status).toBe(200);
});

test("one that was not built is not found", () => {
  expect(scriptAnswer("banner.js", visit(), folder).status).toBe(404);
});
