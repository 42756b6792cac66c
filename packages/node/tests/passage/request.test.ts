import { expect, test } from "vitest";
import { Asked } from "../../src/guard.ts";
import { Request } from "../../src/passage/request.ts";
import { SessionOrigin } from "../../src/place.ts";
import { Unmarked } from "../../src/unmarked.ts";

const request = (path: string, base = "", query = "") =>
  new Request({
    asked: new Asked({ cookie: "a=b", methods: ["POST"], paths: [path] }),
    method: "POST",
    path,
    base,
    origin: "https://app.example:8443",
    headers: new Map(),
    address: null,
    query,
  });

test("no mark is asked for where nobody else's page is ever open", () => {
  const before = request("/a");
  const place = new SessionOrigin("https://understudy-x.view.example");
  const there = before.at(place);
  expect([there.place, there.asked.unmarked]).toEqual([place, Unmarked.PASSES]);
  expect([there.asked.cookie, there.path]).toEqual(["a=b", "/a"]);
  expect(before.asked.unmarked).toBe(Unmarked.BY_METHOD);
});

test.each([
  ["/a b/ø", "", "", "/a%20b/%C3%B8"],
  ["/a", "", "x=%201&y", "/a?x=%201&y"],
  ["/a", "/shop", "", "/shop/a"],
  ["/shop/a", "/shop", "", "/shop/a"],
  ["//evil.example/a", "", "", "/evil.example/a"],
  ["/a?b#c", "", "", "/a%3Fb%23c"],
])("it can be asked for again: %s below %j", (path, base, query, target) => {
  expect(request(path, base, query).target).toBe(target);
});

test("its host is that of its origin", () => {
  expect(request("/").host).toBe("app.example:8443");
});
