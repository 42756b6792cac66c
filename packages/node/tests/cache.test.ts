import { expect, it, vi } from "vitest";
import { Ended, Held, MAX_LIVE, SessionCache } from "../src/cache.ts";
import { EndCause } from "../src/core/sessions.ts";
import { tokenHash } from "../src/core/tokens.ts";
import { anOpened, BEGIN } from "./fixtures.ts";

const SENT = { sentAt: 1000, generation: 1 };

function aCache(): SessionCache {
  const pulse = { freshUntil: Number.POSITIVE_INFINITY, generation: 1 };
  return new SessionCache({ pulse, monotonic: () => 1000 });
}

function kept(cache: SessionCache): Held {
  const held = cache.keep(anOpened(), SENT);
  if (held instanceof Ended) throw new Error("It lives.");
  return held;
}

it("tells the service's time as far as this machine can", () => {
  const held = kept(aCache());
  expect(held.serverTime(1001.5)).toEqual(new Date(BEGIN.getTime() + 1500));
});

it("keeps a session's banner for as long as the links are the same", () => {
  const held = kept(aCache());
  const links = { script: "/b.js", state: "/s", events: null, end: "/e", back: "/" };
  expect(held.banner(links)).toBe(held.banner(links));
  expect(held.banner({ ...links })).not.toBe(held.banner(links));
});

it("calls whoever watches a session once, when it ends", () => {
  const [cache, watcher] = [aCache(), vi.fn()];
  kept(cache);
  cache.watch("ses_1", watcher);
  expect(watcher).not.toHaveBeenCalled();
  cache.close("ses_1", EndCause.REVOKED);
  cache.close("ses_1", EndCause.REVOKED);
  expect(watcher).toHaveBeenCalledOnce();
});

it("calls whoever watches a session that is over at once", () => {
  const [cache, watcher] = [aCache(), vi.fn()];
  cache.close("ses_1", null);
  cache.watch("ses_1", watcher);
  expect(watcher).toHaveBeenCalledOnce();
});

it("calls nobody who does not watch any more", () => {
  const [cache, watcher] = [aCache(), vi.fn()];
  cache.watch("ses_1", watcher);
  cache.unwatch("ses_1", watcher);
  cache.close("ses_1", null);
  expect(watcher).not.toHaveBeenCalled();
});

it("knows a session by its id, live or over", () => {
  const cache = aCache();
  const { session } = kept(cache);
  expect(cache.sessionOf("ses_1")).toBe(session);
  cache.close("ses_1", EndCause.REVOKED);
  expect(cache.sessionOf("ses_1")).toBe(session);
  expect(cache.sessionOf("ses_2")).toBeNull();
});

it("holds so many sessions and no more, and lets go of the oldest", () => {
  const cache = aCache();
  for (let number = 0; number <= MAX_LIVE; number += 1) {
    cache.keep(anOpened({ session: `ses_${number}`, token: `uss_${number}` }), SENT);
  }
  expect(cache.find(tokenHash("uss_0"))).toBeNull();
  expect(cache.find(tokenHash("uss_1"))).toBeInstanceOf(Held);
});

it("does not let made-up tokens push an ending out of memory", () => {
  const cache = aCache();
  kept(cache);
  cache.close("ses_1", EndCause.REVOKED);
  for (let number = 0; number < 30_000; number += 1) {
    cache.refuse(`made up ${number}`, null, { known: false });
  }
  expect(cache.keep(anOpened(), SENT)).toEqual(expect.objectContaining({ cause: "revoked" }));
});
