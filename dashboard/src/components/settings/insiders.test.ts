// @vitest-environment node
import { expect, it } from "vitest";
import type { InsiderLimits } from "../../api/types";
import { application, settings } from "../../test/made";
import { changesOf, draftOf } from "./draft";
import { insiderProblems, insidersDraftOf, insidersOf } from "./insiders";
import { problemsOf } from "./problems";

const HOURS = { time_zone: "Europe/Berlin", days: [1, 5], begins: "08:30", ends: "24:00" };
const LIMITS: InsiderLimits = {
  subjects_an_hour: 5,
  subjects_a_day: null,
  look_ups_an_hour: null,
  refuse_colleagues: true,
  mark_ticketless: false,
  working_hours: HOURS,
};

function draft(change = {}) {
  const made = insidersDraftOf(LIMITS);
  if (made === null) throw new Error("no draft");
  return { ...made, ...change };
}

it("changes nothing as long as it says what is in force", () => {
  const present = settings({ insiders: LIMITS });
  expect(changesOf(present, draftOf(application({ settings: present })))).toEqual({});
  expect(insidersOf(draft())).toEqual(LIMITS);
});

it("says nothing to those who are not shown the limits", () => {
  const present = settings({ insiders: null });
  const edited = { ...draftOf(application({ settings: present })), ticket_required: true };
  expect(changesOf(present, edited)).toEqual({ ticket_required: true });
  expect(problemsOf(edited)).toEqual({});
});

it("takes a number that is left empty for no limit, and hours away with their switch", () => {
  const said = insidersOf(draft({ subjects_an_hour: "", keeps_hours: false }));
  expect(said).toEqual({ ...LIMITS, subjects_an_hour: null, working_hours: null });
});

it("names what cannot be saved", () => {
  const wrong = { subjects_an_hour: 0, subjects_a_day: 1.5, days: [], begins: "9:00", ends: "x" };
  expect(insiderProblems(draft({ ...wrong, time_zone: " " })).map(([path]) => path)).toEqual([
    "insiders.subjects_an_hour",
    "insiders.subjects_a_day",
    "insiders.time_zone",
    "insiders.days",
    "insiders.begins",
    "insiders.ends",
  ]);
  expect(insiderProblems(draft({ days: [], keeps_hours: false }))).toEqual([]);
  expect(insiderProblems(draft())).toEqual([]);
});
