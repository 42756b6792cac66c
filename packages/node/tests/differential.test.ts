/** Whatever is asked, in Node it is answered as in Python. */

import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { told } from "./answers/desk.ts";
import { type PythonGuard, pythonGuard } from "./differential/python.ts";
import { WORLDS } from "./differential/worlds.ts";

const CASES = Number(process.env.GUARD_CASES ?? 50_000);
const PER_WORLD = 40;
const SECONDS = 300;

const python: PythonGuard = pythonGuard();
afterAll(() => python.close());

it(
  `decides in ${CASES} random cases as the Python guard does`,
  async () => {
    let asked = 0;
    const property = fc.asyncProperty(WORLDS, async (world) => {
      asked += world.steps.filter((step) => step.do === "ask").length;
      // Both at once, as there may be two processors.
      const answering = python.told(world);
      const ours = plain(told(world));
      const theirs = await answering;
      if (!isDeepStrictEqual(ours, theirs)) expect(ours).toEqual(theirs);
    });
    // A failure says its seed, and the smallest world that still fails.
    await fc.assert(property, { numRuns: Math.ceil(CASES / PER_WORLD) });
    expect(asked).toBeGreaterThanOrEqual(CASES);
  },
  SECONDS * 1000,
);

function plain(answers: readonly unknown[]): unknown {
  return JSON.parse(JSON.stringify(answers));
}
