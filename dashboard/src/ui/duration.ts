const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What is left, as on a clock: `26:41`, `1:02:03`. Nothing is left at the very instant. */
export function clockFace(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / SECOND));
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
  const hours = Math.floor(seconds / 3600);
  const [minutes = 0, rest = 0] = parts;
  if (hours > 0) return `${hours}:${pad(minutes)}:${pad(rest)}`;
  return `${minutes}:${pad(rest)}`;
}

/** How long something took, to the eye: `48 s`, `12 min`, `1 h 5 min`. */
export function span(milliseconds: number): string {
  if (milliseconds < MINUTE) return `${Math.max(0, Math.round(milliseconds / SECOND))} s`;
  const minutes = Math.round(milliseconds / MINUTE);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** How long ago, roughly: `just now`, `5 min ago`, `3 h ago`, then the date. */
export function ago(then: number, now: number): string {
  const passed = now - then;
  if (passed < MINUTE) return "just now";
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)} min ago`;
  if (passed < DAY) return `${Math.floor(passed / HOUR)} h ago`;
  return date(then);
}

/** How far off something is, roughly: `in 20 s`, `in 5 min`, `in 3 h`; `now` once it is due. */
export function ahead(then: number, now: number): string {
  const left = then - now;
  if (left <= 0) return "now";
  if (left < MINUTE) return `in ${Math.ceil(left / SECOND)} s`;
  if (left < HOUR) return `in ${Math.round(left / MINUTE)} min`;
  if (left < DAY) return `in ${Math.round(left / HOUR)} h`;
  return `on ${date(then)}`;
}

/** How long a call took: `84 ms`, `1.2 s`. */
export function took(milliseconds: number): string {
  return milliseconds < SECOND ? `${milliseconds} ms` : `${(milliseconds / SECOND).toFixed(1)} s`;
}

const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeStyle: "long" });

/** To the second and with its zone, for those who compare logs. */
const SECONDS = new Intl.DateTimeFormat(undefined, {
  year: "numeric",
  month: "short",
  day: "numeric",
  hour: "numeric",
  minute: "2-digit",
  second: "2-digit",
  timeZoneName: "short",
});

function date(then: number): string {
  return DATE.format(then);
}

export function moment(then: number): string {
  return MOMENT.format(then);
}

export function exactly(then: number): string {
  return EXACT.format(then);
}

export function toTheSecond(then: number): string {
  return SECONDS.format(then);
}

/** In UTC and to the millisecond, as every export has it. */
export function universal(then: number): string {
  return new Date(then).toISOString();
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
