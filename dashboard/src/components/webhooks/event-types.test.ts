// @vitest-environment node
import { describe, expect, it } from "vitest";
import { groupsFor, inOrder, typesIn, USUAL } from "./event-types";

describe("the usual types", () => {
  it("are grants, sessions, what others decide about them or is made in them, and alerts", () => {
    expect(USUAL).toContain("token.replayed");
    const alerts = [
      "operator.taken_over",
      "row.forged",
      "clock.leapt",
      "clock.adopted",
      "subjects.read",
      "subjects.opened",
      "honey.touched",
      "operator.disowned",
      "redaction.revealed",
      "safeguard.proposed",
      "safeguard.changed",
      "safeguard.withdrawn",
    ];
    const decided =
      /^(grant|session|token|approval|review|glass|consent|case|policies|unlock|credential)\./;
    const others = USUAL.filter((type) => !decided.test(type));
    expect([...others].sort()).toEqual(alerts.sort());
  });
});

describe("the types on offer", () => {
  it("leave out what no application is told of", () => {
    const offered = groupsFor("native").flatMap(({ types }) => types);
    expect(offered).toContain("webhook.created");
    const ofNobody = offered.filter((type) => /^(operator|installation|clock)\./.test(type));
    expect(ofNobody.sort()).toEqual([
      "clock.adopted",
      "clock.leapt",
      "operator.disowned",
      "operator.owner_confirmed",
      "operator.taken_over",
    ]);
  });

  it("are one in Stytch’s format", () => {
    expect(groupsFor("stytch").flatMap(({ types }) => types)).toEqual(["session.started"]);
  });
});

describe("a change of format", () => {
  it("keeps the choice wherever it can be told", () => {
    expect(typesIn("cloudevents", ["session.ended"])).toEqual(["session.ended"]);
    expect(typesIn("stytch", ["session.ended"])).toEqual(["session.started"]);
  });

  it("comes back from Stytch’s one type to the usual ones", () => {
    expect(typesIn("native", ["session.started"])).toEqual([...USUAL]);
  });
});

it("puts types into the order in which they are offered", () => {
  expect(inOrder(["token.replayed", "session.ended", "session.started"])).toEqual([
    "session.started",
    "session.ended",
    "token.replayed",
  ]);
});

it("keeps types that only a newer service knows, at the end", () => {
  expect(inOrder(["policy.changed", "session.ended"])).toEqual(["session.ended", "policy.changed"]);
});
