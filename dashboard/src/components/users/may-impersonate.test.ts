// @vitest-environment node
import { expect, it } from "vitest";
import { application, settings, subject } from "../../test/made";
import { hindrance } from "./may-impersonate";

it("sees nothing in the way of an ordinary user", () => {
  expect(hindrance(subject({ rank: 99 }), application())).toBeNull();
});

it.each([
  [{ protected: true }, {}, /^Protected/],
  [{ status: "disabled" as const }, {}, /^Disabled/],
  [{ rank: 100 }, {}, /ranks as high/],
  [{}, { status: "disabled" as const }, /application is disabled/],
  [{}, { settings: settings({ impersonation_allowed: false }) }, /is off/],
])("says what is in the way: %o %o", (user, app, says) => {
  expect(hindrance(subject(user), application(app))).toMatch(says);
});
