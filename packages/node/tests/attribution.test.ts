import { AsyncResource } from "node:async_hooks";
import { describe, expect, test } from "vitest";
import { Attribution, attributedTo, currentAttribution } from "../src/attribution.ts";
import {
  currentImpersonation,
  entered,
  Impersonation,
  OwnRequest,
  Present,
  presentRequest,
} from "../src/context.ts";
import { ForbiddenWhileImpersonating } from "../src/core/errors.ts";
import { forbidWhileImpersonating } from "../src/forbidding.ts";
import { hearing } from "./support/heard.ts";
import { SESSION } from "./support/sample.ts";

const FOUND = Impersonation.of(SESSION);
const SAM = Attribution.of(FOUND);
const IDS = { session_id: "ses_1", actor_id: "opr_1", subject_id: "42" };
const heard = hearing();

test("a session is attributed to its actor, which is not asking whom the app serves", () => {
  const present = new Present(FOUND);
  expect(currentAttribution()).toBeNull();
  entered(present, () => expect(currentAttribution()).toEqual(SAM));
  expect(currentAttribution()).toBeNull();
  expect(present.asked).toBe(false);
});

test("what a request leaves running is attributed to nobody", () => {
  const left = entered(new Present(FOUND), () => AsyncResource.bind(currentAttribution));
  expect(left()).toBeNull();
});

test("a job knows who caused it, and runs as nobody", async () => {
  await entered(new Present(FOUND), async () => {
    const seen = await attributedTo(SAM, async () => {
      await Promise.resolve();
      return [currentAttribution(), currentImpersonation()];
    });
    expect(seen).toEqual([SAM, null]);
    expect(currentImpersonation()).toBe(FOUND);
  });
  expect(currentAttribution()).toBeNull();
});

test("a job that nobody caused leaves the session that its worker was started in", () => {
  entered(new Present(FOUND), () => {
    const seen = attributedTo(null, () => [currentAttribution(), currentImpersonation()]);
    expect(seen).toEqual([null, null]);
  });
});

test("a job that a user's own request runs at once stays the user's own", () => {
  const own = new OwnRequest();
  entered(own, () => {
    expect(attributedTo(null, presentRequest)).toBe(own);
    expect(attributedTo(SAM, presentRequest)).toBeNull();
  });
});

test("jobs within jobs go back to who caused the outer one", () => {
  attributedTo(SAM, () => {
    expect(attributedTo(null, currentAttribution)).toBeNull();
    expect(currentAttribution()).toEqual(SAM);
  });
});

test("what is forbidden is refused in a job that a session has caused", () => {
  const deleteAccount = forbidWhileImpersonating(() => "deleted");
  expect(attributedTo(null, deleteAccount)).toBe("deleted");
  expect(() => attributedTo(SAM, deleteAccount)).toThrow(ForbiddenWhileImpersonating);
});

describe("in a queue", () => {
  test("it is read again, and nothing of a token or a reason travels", () => {
    expect(SAM.toJSON()).toEqual({
      ...IDS,
      actor_email: "sam@support.test",
      actor_name: "Sam Support",
    });
    expect(Attribution.fromJSON(JSON.parse(JSON.stringify(SAM)))).toEqual(SAM);
    expect(Attribution.fromJSON(SAM.ids())?.actorEmail).toBeNull();
  });

  test("an actor without a name is no less readable", () => {
    const nameless = new Attribution({ ...SAM, actorEmail: "", actorName: "" });
    expect(nameless.toJSON()).toEqual(IDS);
    expect(Attribution.fromJSON(nameless.toJSON())?.sessionId).toBe("ses_1");
  });

  test("what a later release adds is ignored, and none is none", () => {
    expect(Attribution.fromJSON({ ...SAM.toJSON(), device: { id: 1 } })).toEqual(SAM);
    expect([Attribution.fromJSON(null), Attribution.fromJSON(undefined)]).toEqual([null, null]);
  });

  test.each([
    "ses_1",
    [],
    {},
    { session_id: "ses_1" },
    { ...IDS, actor_id: 7 },
    { ...IDS, subject_id: "" },
    { ...IDS, actor_name: 7 },
    false,
  ])("what cannot be read is still an attribution: %j", (carried) => {
    expect(Attribution.fromJSON(carried)?.ids()).toEqual({
      session_id: "unreadable",
      actor_id: "unreadable",
      subject_id: "unreadable",
    });
    expect(heard.map(({ action }) => action)).toEqual(["read_attribution"]);
  });
});
