/** Where the SDK tells the app's operators what they should know. */

/** What is told beside the words; `action` names what was being done. No secrets, no user's data. */
export type LogFacts = Readonly<Record<string, string | number | null>> & {
  readonly action: string;
};

/** Those of pino, winston, Fastify and the like can be put into one of these in a line. */
export interface Logger {
  warn(text: string, facts: LogFacts): void;
  error(text: string, facts: LogFacts): void;
}

const standardError: Logger = {
  warn: (text, facts) => print("warning", text, facts),
  error: (text, facts) => print("error", text, facts),
};

let present = standardError;

/** Tell `logger` from now on; null goes back to standard error. */
export function logTo(logger: Logger | null): void {
  present = logger ?? standardError;
}

/** Something is not as it should be, and goes on. */
export function warn(text: string, facts: LogFacts): void {
  tell("warn", text, facts);
}

/** Something is lost, or went wrong that was not foreseen. */
export function complain(text: string, facts: LogFacts): void {
  tell("error", text, facts);
}

/**
 * Run `work`, and tell of whatever fails in it; whether nothing did.
 *
 * For what serves everybody: were it to end, revocations would no longer be heard, or actions no
 * longer recorded, for the sake of one defect. What is foreseen is caught by its own class inside.
 */
export async function asLastResort(
  text: string,
  facts: LogFacts,
  work: () => Promise<void>,
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    complain(`${text}: ${nameOf(error)}`, facts);
    return false;
  }
}

/** What kind of error it is; its words may be nobody's business. */
export function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}

function tell(level: keyof Logger, text: string, facts: LogFacts): void {
  try {
    present[level](text, facts);
  } catch {
    // An app's own logger must not be what keeps an ending from being told.
    standardError[level](text, facts);
  }
}

function print(level: string, text: string, facts: LogFacts): void {
  process.stderr.write(`understudy ${level}: ${text} ${JSON.stringify(facts)}\n`);
}
