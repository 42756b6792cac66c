import type { Entry } from "../../api/types";

/** The indexes that an entry `audit.erased` names, first and last of each run. */
type Runs = [first: number, last: number][];

const SHOWN = 4;

/** What an erasure took: `1,204 entries, after 30 days`. Nothing for entries of other types. */
export function erasureLine({ type, details }: Pick<Entry, "type" | "details">): string | null {
  if (type !== "audit.erased") return null;
  const count = runsOf(details.indexes).reduce((sum, [first, last]) => sum + last - first + 1, 0);
  const what = count === 1 ? "1 entry" : `${count.toLocaleString()} entries`;
  const half = details.part === "personal" ? "names and reasons of " : "";
  return [`${half}${what}`, afterDays(details)].filter(Boolean).join(", ");
}

/** The indexes to read; of many runs the first ones. */
export function indexesLine(indexes: Entry["details"][string] | undefined): string {
  const runs = runsOf(indexes);
  const told = runs
    .slice(0, SHOWN)
    .map(([first, last]) => (first === last ? `#${first}` : `#${first}–${last}`));
  const rest = runs.length - told.length;
  return rest > 0 ? `${told.join(", ")} and ${rest.toLocaleString()} more runs` : told.join(", ");
}

/** Whether this erasure accounts for what is gone of the entry `index`. */
export function covers(erasure: Pick<Entry, "details">, index: number): boolean {
  return runsOf(erasure.details.indexes).some(([first, last]) => first <= index && index <= last);
}

/** `by retention, after 30 days`, or in whose name it was done. */
export function erasedBy({ actor, details }: Entry): string {
  if (details.cause === "retention") {
    return ["by retention", afterDays(details)].filter(Boolean).join(", ");
  }
  const name = actor?.name ?? actor?.email ?? actor?.id;
  if (name === null || name === undefined) return "on request";
  // What the service does for somebody at its own machine has no person's name.
  return `on request, by ${actor?.kind === "system" ? `the ${name}` : name}`;
}

function afterDays({ retention_days: days }: Entry["details"]): string | null {
  if (typeof days !== "number") return null;
  return days === 1 ? "after 1 day" : `after ${days} days`;
}

function runsOf(indexes: Entry["details"][string] | undefined): Runs {
  if (typeof indexes !== "string" || indexes === "") return [];
  return indexes.split(",").map((run) => {
    const [first = Number.NaN, last = first] = run.split("-").map(Number);
    return [first, last];
  });
}
