import { expect, test } from "vitest";
import { changes, isOwn, resolved, unmarked } from "../src/address.ts";

test.each([
  ["GET", false],
  ["head", false],
  ["OPTIONS", false],
  ["trace", false],
  ["POST", true],
  ["delete", true],
  ["PROPFIND", true],
])("whether %s may change something: %s", (method, changing) => {
  expect(changes(method)).toBe(changing);
});

test.each([
  ["save", `${location.origin}/shop/save`],
  ["", `${location.origin}/shop/orders?page=2`],
  ["blob:http://x/1", undefined],
  ["data:,x", undefined],
  ["javascript:void 0", undefined],
  ["http://", undefined],
])("%o is an address on the network: %o", (given, address) => {
  expect(resolved(given)?.href).toBe(address);
});

test.each([
  [`http://${location.host}/`, true],
  [`ws://${location.host}/`, true],
  [`https://${location.host}/`, false],
  ["http://elsewhere.example/", false],
  [`http://sub.${location.host}/`, false],
])("%s is the page's own origin: %s", (address, own) => {
  expect(isOwn(new URL(address))).toBe(own);
});

test.each([
  ["", ""],
  ["?a=1", "a=1"],
  ["?_understudy_page=B", ""],
  ["?a=%20+&&_understudy_page=B&b&_understudy_page=C", "a=%20+&&b"],
  ["?my_understudy_page=B", "my_understudy_page=B"],
  ["?_understudy_page&a=1", "a=1"],
])("without marks %o is %o", (search, rest) => {
  expect(unmarked(search)).toBe(rest);
});
