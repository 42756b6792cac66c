import { expect, test } from "vitest";
import { SessionOrigins } from "../src/core/sessionOrigins.ts";
import { NOWHERE, OWN_HOST, Places, SessionOrigin } from "../src/place.ts";
import { PresentHost } from "../src/presentHost.ts";

const LABEL = `understudy-${"a".repeat(26)}`;
const ORIGINS = SessionOrigins.parse("https://*.view.app.test:8443");

test("a pattern is one wildcard before a name, and https but for loopback", () => {
  expect(String(ORIGINS)).toBe("https://*.view.app.test:8443");
  expect(SessionOrigins.parse("http://*.app.localhost:8701").scheme).toBe("http");
  for (const pattern of [
    "https://view.app.test",
    "http://*.app.test",
    "https://*.app.test/",
    "https://*.*.app.test",
    "https://*.App.test",
    "https://*.127.0.0.1",
    "https://*.app.test:443",
    "*.app.test",
  ]) {
    expect(() => SessionOrigins.parse(pattern), pattern).toThrow();
  }
});

test("an origin is a session's by its label's one spelling", () => {
  expect(ORIGINS.has(ORIGINS.origin(LABEL))).toBe(true);
  expect(ORIGINS.has(`${ORIGINS.origin(LABEL)}--acme`)).toBe(false);
  expect(ORIGINS.has(ORIGINS.origin(`${LABEL}--acme`))).toBe(true);
  expect(ORIGINS.has(ORIGINS.origin(LABEL.toUpperCase()))).toBe(false);
  expect(ORIGINS.has(ORIGINS.origin("understudy-short"))).toBe(false);
});

test("the Host alone says where a request has arrived", () => {
  const places = new Places(ORIGINS);
  expect(places.of("app.test")).toBe(OWN_HOST);
  expect(places.of(`${LABEL}.view.app.test:8443`)).toEqual(
    new SessionOrigin(`https://${LABEL}.view.app.test:8443`),
  );
  expect(places.of("other.view.app.test:8443")).toBe(NOWHERE);
  expect(places.of(`x.${LABEL}.view.app.test:8443`)).toBe(NOWHERE);
  expect(places.of(`${LABEL}.elsewhere.test`)).toBe(NOWHERE);
  expect(new Places().of(`${LABEL}.view.app.test`)).toBe(NOWHERE);
  expect(places.ofAddress(null)).toBe(OWN_HOST);
  expect(places.ofAddress("https://other.view.app.test:8443/a?b")).toBe(NOWHERE);
});

test("an app sees its own address, and the browser the session's", () => {
  const host = new PresentHost("https://app.test");
  const shown = "https://label.view.app.test";
  const asked = [
    ["Host", "label.view.app.test"],
    ["Origin", shown],
    ["Referer", `${shown}/a`],
    ["X", shown],
  ] as const;
  expect(host.toApp(asked, shown)).toEqual([
    ["Host", "app.test"],
    ["Origin", "https://app.test"],
    ["Referer", "https://app.test/a"],
    ["X", shown],
  ]);
  const told = [
    ["Location", "https://app.test/next"],
    ["location", "https://app.test.evil.example/"],
  ] as const;
  expect(host.toBrowser(told, shown)).toEqual([
    ["Location", `${shown}/next`],
    ["location", "https://app.test.evil.example/"],
  ]);
  expect(() => new PresentHost("https://app.test/")).toThrow("presentHost");
});
