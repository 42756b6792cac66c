/** What the SDK tells the app's operators while a test runs. */

import { afterEach, beforeEach } from "vitest";
import { type LogFacts, logTo } from "../../src/logging.ts";

export interface Line extends LogFacts {
  readonly text: string;
}

/** The lines of the present test, in the order in which they were told. */
export function hearing(): Line[] {
  const lines: Line[] = [];
  const keep = (text: string, facts: LogFacts) => void lines.push({ ...facts, text });
  beforeEach(() => {
    lines.length = 0;
    logTo({ warn: keep, error: keep });
  });
  afterEach(() => logTo(null));
  return lines;
}
