const SHORTEST = 12;
const LONGEST = 1024;

/** What is wrong with a password that somebody chose; the service judges it again. */
export function passwordProblem(password: string): string | null {
  const length = Array.from(password).length;
  if (length < SHORTEST) return `At least ${SHORTEST} characters; this has ${length}`;
  if (length > LONGEST) return `At most ${LONGEST} characters`;
  return null;
}
