/** What senders do in a session, by policy. */

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Attribution, attributedTo } from "../../src/attribution.ts";
import { AT_WORK } from "../../src/atWork.ts";
import { entered, Impersonation, OwnRequest, Present, type Said } from "../../src/context.ts";
import { ForbiddenWhileImpersonating, SetupError } from "../../src/core/errors.ts";
import { MOST_OF_SESSION } from "../../src/effects/held.ts";
import type { EffectPolicies } from "../../src/effects/policy.ts";
import { SideEffects } from "../../src/effects/sideEffects.ts";
import type { Phase } from "../../src/values.ts";
import { anOpened } from "../fixtures.ts";
import { hearing } from "../support/heard.ts";

const { session: SESSION } = anOpened();
const { session: READING } = anOpened({
  restrictions: { scope: "read_only", blockedActions: [], unlocks: true },
});
const heard = hearing();

/** What the log is told, and what is to be done at the end of the session. */
class Told {
  readonly did: [kind: string, did: string | null | undefined][] = [];
  readonly ends: (() => void)[] = [];

  tell(phase: Phase, { kind, did }: Said): void {
    expect(phase).toBe("effect");
    this.did.push([kind, did]);
  }

  atEnd(deed: () => void): void {
    this.ends.push(deed);
  }
}

let told: Told;
let went: string[];
const send = (text: string): void => void went.push(text);
beforeEach(() => {
  told = new Told();
  went = [];
});
afterEach(() => vi.restoreAllMocks());

function present(session = SESSION, { unlocked = false } = {}): Present {
  return new Present(Impersonation.of(session, null, told), { unlocked });
}

test.each([
  ["send", ["hi"], "sent"],
  ["hold", [], "held"],
  ["drop", [], "dropped"],
  ["mark", ["hi, by support"], "marked"],
] as const)("a message goes by its policy: %s", (policy, sent, did) => {
  const effects = new SideEffects({ sms: policy });
  const text = effects.sender("sms", send, { mark: (words) => send(`${words}, by support`) });
  entered(present(), () => text("hi"));
  expect([went, told.did]).toEqual([sent, [["sms", did]]]);
});

test("what is refused is so before anything is sent", () => {
  const pay = new SideEffects().sender("payment", send);
  const request = present();
  expect(() => entered(request, () => pay("500"))).toThrow(ForbiddenWhileImpersonating);
  expect([went, told.did, request.forbidden]).toEqual([[], [["payment", "refused"]], true]);
});

test.each([
  ["email", false, "held"],
  ["fax", true, "held"],
  ["webhook", true, "marked"],
  // What cannot be marked must not go out as the user's own.
  ["webhook", false, "held"],
])("what nobody has said: %s, with a mark: %s", (kind, canMark, did) => {
  const options = canMark ? { mark: () => undefined } : {};
  entered(present(), () => new SideEffects().sender(kind, () => undefined, options)());
  expect(told.did).toEqual([[kind, did]]);
});

test("other kinds have a policy of the app's", () => {
  const effects = new SideEffects({ "*": "send", sms: "drop" });
  entered(present(), () => {
    effects.sender("fax", send)("a");
    effects.sender("sms", send)("b");
  });
  expect([went, told.did]).toEqual([
    ["a"],
    [
      ["fax", "sent"],
      ["sms", "dropped"],
    ],
  ]);
});

test.each([{ sms: "post" }, { "a b": "send" }, { SMS: "send" }])(
  "a policy that is none is a mistake: %j",
  (given) => {
    expect(() => new SideEffects(given as unknown as EffectPolicies)).toThrow(SetupError);
    expect(() => new SideEffects().sender("a b", send)).toThrow(SetupError);
  },
);

test.each(["send", "hold", "mark"] as const)(
  "a session that only reads sends nothing: %s",
  (sms) => {
    const text = new SideEffects({ sms }).sender("sms", send, { mark: send });
    entered(present(READING), () => text("hi"));
    expect([went, told.did]).toEqual([[], [["sms", "dropped"]]]);
    entered(present(READING, { unlocked: true }), () => text("hi"));
    expect(told.did[1]).not.toEqual(["sms", "dropped"]);
  },
);

describe("what is held", () => {
  test("is sent once, or dropped at the end", async () => {
    const effects = new SideEffects();
    const text = effects.sender("sms", send, { otherwise: "waits" });
    entered(present(), () => expect([text("one"), text("two")]).toEqual(["waits", "waits"]));
    expect(effects.held(SESSION.id).map(({ kind }) => kind)).toEqual(["sms", "sms"]);
    expect(await effects.release(SESSION.id)).toEqual([undefined, undefined]);
    expect([went, effects.held(SESSION.id)]).toEqual([["one", "two"], []]);
    entered(present(), () => text("three"));
    for (const end of told.ends) end();
    expect(await effects.release(SESSION.id)).toEqual([]);
    expect(went).toEqual(["one", "two"]);
    const did = told.did.map(([, one]) => one);
    expect(did).toEqual(["held", "held", "released", "released", "held", "dropped"]);
  });

  test("and fails holds up no other", async () => {
    const effects = new SideEffects();
    const text = effects.sender("sms", async (words: string) => {
      if (words === "bad") throw new Error("no network");
      send(words);
    });
    entered(present(), () => [text("bad"), text("good")]);
    await expect(effects.release(SESSION.id)).rejects.toThrow("no network");
    expect(went).toEqual(["good"]);
    expect(told.did.slice(2).map(([, did]) => did)).toEqual(["failed", "released"]);
  });

  test("is so much at most", () => {
    const effects = new SideEffects();
    const text = effects.sender("sms", send);
    entered(present(), () => {
      for (let number = 0; number <= MOST_OF_SESSION; number++) text("hi");
    });
    expect(effects.held(SESSION.id)).toHaveLength(MOST_OF_SESSION);
    expect(told.did.at(-1)).toEqual(["sms", "dropped"]);
  });

  test("cannot be, where nobody hears of the end", () => {
    const effects = new SideEffects();
    entered(new Present(Impersonation.of(SESSION)), () => effects.sender("sms", send)("hi"));
    expect([went, effects.held(SESSION.id)]).toEqual([[], []]);
  });
});

test("an async sender is one, and a method stays one", async () => {
  const mailer = {
    name: "mailer",
    async push(text: string): Promise<string> {
      send(`${this.name}: ${text}`);
      return "accepted";
    },
  };
  const effects = new SideEffects({ push: "send" });
  const held = { ...mailer, push: effects.sender("sms", mailer.push, { otherwise: "waits" }) };
  mailer.push = effects.sender("push", mailer.push);
  await entered(present(), async () => {
    expect(await mailer.push("a")).toBe("accepted");
    expect(await held.push("b").then((answer) => answer)).toBe("waits");
  });
  expect(await effects.release(SESSION.id)).toEqual(["accepted"]);
  expect(went).toEqual(["mailer: a", "mailer: b"]);
});

test("users and the app itself send", () => {
  const text = new SideEffects({ sms: "drop" }).sender("sms", send);
  text("nobody");
  entered(new OwnRequest(), () => text("a user"));
  expect(went).toEqual(["nobody", "a user"]);
});

test.each([
  ["send", 1],
  ["hold", 0],
  ["drop", 0],
] as const)("a job goes by the same policies: %s", (sms, sent) => {
  const caused = new Attribution({ sessionId: "ses_1", actorId: "opr_1", subjectId: "42" });
  attributedTo(caused, () => {
    new SideEffects({ sms }).sender("sms", send)("hi");
    const pay = new SideEffects().sender("payment", send);
    expect(() => pay("hi")).toThrow(ForbiddenWhileImpersonating);
  });
  expect(went).toHaveLength(sent);
});

test("what is sent by nobody known is warned of", () => {
  vi.spyOn(AT_WORK, "anybody").mockReturnValue(true);
  new SideEffects().sender("sms", send)("hi");
  expect(went).toEqual(["hi"]);
  expect(JSON.stringify(heard)).toContain("outside of any known request");
});
