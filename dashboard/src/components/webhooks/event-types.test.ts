// @vitest-environment node
import { describe, expect, it } from "vitest";
import events from "../../../../src/understudy/core/notices/events.py?raw";
import domain from "../../../../src/understudy/core/notices/webhooks.py?raw";
import { groupsFor, inOrder, typesIn, USUAL } from "./event-types";

/** The types that a constant of the domain names. */
function typesOfConstant(name: string): string[] {
  const [, body = ""] = new RegExp(`^${name}: [^=]*= ([\\s\\S]*?)^"""`, "m").exec(domain) ?? [];
  const named = [...body.matchAll(/EventType\.([A-Z_]+)/g)].map(([, constant]) => constant);
  return named.map(
    (constant) => new RegExp(`^    ${constant} = "(.*)"$`, "m").exec(events)?.[1] ?? "",
  );
}

describe("the usual types", () => {
  it("are those that the service takes when none are named", () => {
    const told = [...typesOfConstant("DEFAULT_TYPES"), "token.replayed"];
    expect(told).toHaveLength(USUAL.length);
    expect([...USUAL].sort()).toEqual(told.sort());
  });
});

describe("the types on offer", () => {
  it("leave out what no application is told of", () => {
    const offered = groupsFor("native").flatMap(({ types }) => types);
    expect(offered.filter((type) => /^(operator|installation)\./.test(type))).toEqual([]);
    const all = [...events.matchAll(/^ {4}[A-Z_]+ = "([a-z_]+\.[a-z_]+)"$/gm)].map(
      ([, one]) => one,
    );
    const told = all.filter((one) => !/^(operator|installation)\./.test(one ?? ""));
    expect([...offered].sort()).toEqual(told.sort());
  });

  it("are one in Stytch’s format, as in the domain", () => {
    const offered = groupsFor("stytch").flatMap(({ types }) => types);
    expect(offered).toEqual(typesOfConstant("STYTCH_TYPES"));
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
