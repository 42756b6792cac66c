/** Whatever is asked, in Node it is answered as in Python. */

import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { told } from "./answers/desk.ts";
import { pythonGuard } from "./differential/python.ts";
import { TOPICS } from "./differential/texts.ts";
import { WORLDS } from "./differential/worlds.ts";

const CASES = Number(process.env.GUARD_CASES ?? 50_000);
const PER_WORLD = 40;
// Worlds are of many sizes, and the first ones small.
const MORE_WORLDS = 50;
const TEXTS = 40;
const MILLISECONDS = 300_000;

const python = pythonGuard();
afterAll(() => python.close());

it(
  `decides in ${CASES} random cases as the Python guard does`,
  async () => {
    let asked = 0;
    const property = fc.asyncProperty(WORLDS, async (world) => {
      asked += world.steps.filter((step) => step.do === "ask").length;
      await alike("verdicts", [world], told);
    });
    // A failure says its seed, and the smallest world that still fails.
    await fc.assert(property, { numRuns: Math.ceil(CASES / PER_WORLD) + MORE_WORLDS });
    expect(asked).toBeGreaterThanOrEqual(CASES);
  },
  MILLISECONDS,
);

it.each(TOPICS)(
  "makes of random $topic what Python makes",
  async ({ topic, cases, answer }) => {
    const many = fc.array(cases, { minLength: 1, maxLength: 100, size: "max" });
    const property = fc.asyncProperty(many, (given) => alike(topic, given, answer));
    await fc.assert(property, { numRuns: Math.ceil((TEXTS * CASES) / 50_000) });
  },
  MILLISECONDS,
);

async function alike(
  topic: string,
  cases: readonly unknown[],
  answer: (given: never) => unknown,
): Promise<void> {
  // Both at once, as there may be two processors.
  const answering = python.answers(topic, cases);
  const ours = plain(cases.map((given) => answer(given as never)));
  const theirs = await answering;
  if (!isDeepStrictEqual(ours, theirs)) expect(ours).toEqual(theirs);
}

/** As JSON has it. */
function plain(answers: unknown): unknown {
  return JSON.parse(JSON.stringify(answers));
}
