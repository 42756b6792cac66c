const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** Milliseconds since the epoch of an RFC 3339 time with its zone (section 5.6), else null. */
export function instant(value: unknown): number | null {
  if (typeof value !== "string" || !RFC_3339.test(value)) return null;
  const milliseconds = Date.parse(value);
  return Number.isNaN(milliseconds) ? null : milliseconds;
}
