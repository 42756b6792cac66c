const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const SPANS = { "1h": HOUR, "24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY } as const;

/** A stretch that ends now, as it stands in the URL: a link to "the last hour" stays that. */
export type Relative = keyof typeof SPANS;

export const CHOICES = [
  { value: "", label: "All time" },
  { value: "1h", label: "Last hour" },
  { value: "24h", label: "Last 24 hours" },
  { value: "7d", label: "Last 7 days" },
  { value: "30d", label: "Last 30 days" },
  { value: "days", label: "From day to day" },
] as const;

export type Choice = (typeof CHOICES)[number]["value"];

interface Range {
  since: string | undefined;
  until: string | undefined;
}

export function isRelative(value: string): value is Relative {
  return Object.hasOwn(SPANS, value);
}

/** The instant that `since` means at `now`. */
export function instantOf(since: string | undefined, now: number): string | undefined {
  if (since === undefined || !isRelative(since)) return since;
  return new Date(now - SPANS[since]).toISOString();
}

/** Which choice a range in the URL is. */
export function choiceOf({ since, until }: Range): Choice {
  if (since === undefined && until === undefined) return "";
  return since !== undefined && isRelative(since) && until === undefined ? since : "days";
}

/** What a choice puts into the URL. Own days begin with today. */
export function rangeOf(choice: Choice, now: number): Range {
  if (choice === "") return { since: undefined, until: undefined };
  if (choice !== "days") return { since: choice, until: undefined };
  const today = localDay(now);
  return { since: startOfDay(today), until: endOfDay(today) };
}

/** The local day that an instant falls on, as a date field has it; `shift` in days. */
export function dayOf(instant: string | undefined, shift = 0): string {
  if (instant === undefined || isRelative(instant)) return "";
  const then = new Date(instant);
  then.setDate(then.getDate() + shift);
  return localDay(then.getTime());
}

/** The first instant of a local day; nothing for an empty field. */
export function startOfDay(day: string): string | undefined {
  return midnight(day, 0);
}

/** The first instant after a local day: `until` is exclusive. */
export function endOfDay(day: string): string | undefined {
  return midnight(day, 1);
}

function midnight(day: string, shift: number): string | undefined {
  const [year, month, date] = day.split("-").map(Number);
  if (year === undefined || month === undefined || date === undefined) return undefined;
  const then = new Date(year, month - 1, date + shift);
  return Number.isNaN(then.getTime()) ? undefined : then.toISOString();
}

function localDay(instant: number): string {
  const then = new Date(instant);
  const parts = [then.getFullYear(), then.getMonth() + 1, then.getDate()];
  return parts.map((part) => String(part).padStart(2, "0")).join("-");
}
