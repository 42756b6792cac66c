import type { Hold } from "../../api/types";

/** The standing holds that cover a user: those on the user, and those on the whole application. */
export function holdsOn(subjectId: string, holds: Hold[]): Hold[] {
  return holds.filter(
    ({ released_at, subject_id }) =>
      released_at === null && (subject_id === null || subject_id === subjectId),
  );
}
