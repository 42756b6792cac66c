import type { Access } from "./accesses.ts";

/** A time as people of `locale` write it, in the browser's own zone. */
export function momentText(iso: string, locale: string | undefined): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(time);
}

/** How long it lasted: whole minutes, up to the next one. */
export function lengthText({ startedAt, endedAt }: Access): string {
  if (endedAt === null) return "Going on now";
  const minutes = Math.ceil((Date.parse(endedAt) - Date.parse(startedAt)) / 60_000);
  if (Number.isNaN(minutes)) return "";
  return `${Math.max(1, minutes)} min`;
}
