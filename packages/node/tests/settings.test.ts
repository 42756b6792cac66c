import { expect, it } from "vitest";
import { SetupError } from "../src/core/errors.ts";
import { Epoch } from "../src/epoch.ts";
import { PathPrefixes } from "../src/pathPrefixes.ts";
import { UnmarkedPaths } from "../src/unmarked.ts";

it.each(["static/", "/static", "/", ""])("takes no prefix like %j", (prefix) => {
  expect(() => new PathPrefixes([prefix], "bearerPaths")).toThrow(SetupError);
  expect(() => new UnmarkedPaths([prefix])).toThrow(/^unmarkedOk names paths like/);
});

it.each(["unsubscribe", "/", ""])(
  "takes %j for nothing that changes something when it is read",
  (prefix) => {
    expect(() => new UnmarkedPaths([], [prefix])).toThrow(/^writesByGet names paths like/);
  },
);

it.each([1, 1.9, 745, Number.NaN])("keeps no epoch of %d hours", (hours) => {
  expect(() => new Epoch(hours)).toThrow(SetupError);
});

it("begins a session in a browser that may have kept pages of the agent's", () => {
  expect(new Epoch(2).begun("ses_1")).toEqual([
    ["clear-site-data", '"cache"'],
    [
      "set-cookie",
      "__Host-understudy-epoch=1; Path=/; Max-Age=7200; Secure; HttpOnly; SameSite=Lax",
    ],
    ["set-cookie", "understudy-page=ses_1; Path=/; Max-Age=7200; Secure; SameSite=Lax"],
  ]);
});
