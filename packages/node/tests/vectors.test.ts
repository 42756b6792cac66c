/** The guard's decisions as data: the Python SDK is held to the same. */

import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { bound } from "./answers/changes.ts";
import { ownCookies, read } from "./answers/cookies.ts";
import { told } from "./answers/desk.ts";
import { queried } from "./answers/graphql.ts";
import { handOff } from "./answers/launch.ts";
import { changedHeaders, inserted } from "./answers/pages.ts";
import { declared, pageMark, returnPath, ruled, spelled } from "./answers/paths.ts";

const VECTORS = new URL("../../../tests/vectors/guard/", import.meta.url);

function hold<Case>(topic: string, answer: (given: Case) => unknown): string {
  const document = JSON.parse(readFileSync(new URL(`${topic}.json`, VECTORS), "utf8")) as {
    readonly cases: readonly (Case & { readonly name: string; readonly expect: unknown })[];
  };
  const named = document.cases.map((one) => [one.name, one] as const);
  it.each(named)(`${topic}: %s`, (_, { expect: expected, ...given }) => {
    expect(JSON.parse(JSON.stringify(answer(given as Case)))).toEqual(expected);
  });
  return `${topic}.json`;
}

const held = [
  hold("changes", bound),
  hold("cookies", read),
  hold("declared-reads", declared),
  hold("graphql", queried),
  hold("headers", changedHeaders),
  hold("insertion", inserted),
  hold("launch-cookie", handOff),
  hold("leases", told),
  hold("own-cookies", ownCookies),
  hold("page-marks", pageMark),
  hold("paths", spelled),
  hold("return-paths", returnPath),
  hold("rulebook", ruled),
  hold("verdicts", told),
];

it("reads every file", () => {
  // What is shown of it all, and to users of their own account, has runners of its own.
  expect(readdirSync(VECTORS).sort()).toEqual([...held, "consent.json", "pages.json"].sort());
});
