import type { InsiderLimits, InsiderLimitsChange } from "../../api/types";

/** Limits on operators as they are being edited; a number left empty is no limit. */
export interface InsidersDraft {
  subjects_an_hour: number | string;
  subjects_a_day: number | string;
  look_ups_an_hour: number | string;
  refuse_colleagues: boolean;
  mark_ticketless: boolean;
  keeps_hours: boolean;
  time_zone: string;
  days: string[];
  begins: string;
  ends: string;
}

const MOST = 10_000;
const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/;

export function insidersDraftOf(limits: InsiderLimits | null): InsidersDraft | null {
  if (limits === null) return null;
  const { working_hours: hours } = limits;
  return {
    subjects_an_hour: limits.subjects_an_hour ?? "",
    subjects_a_day: limits.subjects_a_day ?? "",
    look_ups_an_hour: limits.look_ups_an_hour ?? "",
    refuse_colleagues: limits.refuse_colleagues,
    mark_ticketless: limits.mark_ticketless,
    keeps_hours: hours !== null,
    time_zone: hours?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    days: (hours?.days ?? [1, 2, 3, 4, 5]).map(String),
    begins: hours?.begins ?? "09:00",
    ends: hours?.ends ?? "17:00",
  };
}

export function insidersOf(draft: InsidersDraft): Required<InsiderLimitsChange> {
  const { time_zone, days, begins, ends } = draft;
  return {
    subjects_an_hour: numberOf(draft.subjects_an_hour),
    subjects_a_day: numberOf(draft.subjects_a_day),
    look_ups_an_hour: numberOf(draft.look_ups_an_hour),
    refuse_colleagues: draft.refuse_colleagues,
    mark_ticketless: draft.mark_ticketless,
    working_hours: draft.keeps_hours
      ? { time_zone: time_zone.trim(), days: days.map(Number).sort(), begins, ends }
      : null,
  };
}

/** What is wrong, by the path of the field that it is about. */
export function insiderProblems(draft: InsidersDraft | null): [path: string, problem: string][] {
  if (draft === null) return [];
  const problems: [string, string][] = [];
  for (const name of ["subjects_an_hour", "subjects_a_day", "look_ups_an_hour"] as const) {
    const number = numberOf(draft[name]);
    const fits = number === null || (Number.isInteger(number) && number >= 1 && number <= MOST);
    if (!fits) problems.push([`insiders.${name}`, `From 1 to ${MOST.toLocaleString()}, or empty`]);
  }
  if (!draft.keeps_hours) return problems;
  if (draft.time_zone.trim() === "") problems.push(["insiders.time_zone", "Such as Europe/Berlin"]);
  if (draft.days.length === 0) problems.push(["insiders.days", "At least one"]);
  for (const name of ["begins", "ends"] as const) {
    if (!CLOCK.test(draft[name])) problems.push([`insiders.${name}`, "Like 09:00"]);
  }
  return problems;
}

function numberOf(typed: number | string): number | null {
  return typed === "" ? null : Number(typed);
}
