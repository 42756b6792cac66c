import { Refusal, type Scope } from "@understudy/browser";

export const SCOPES: Readonly<Record<Scope, string>> = {
  full: "Full access",
  read_only: "Read only",
};

/** What people are told of something that was not done. */
export function refusalText(refusal: Refusal): string {
  if (refusal.code === "not_found") return "You cannot impersonate users of this app.";
  if (refusal.signIn !== null) return `${refusal.message} You are taken to the sign-in.`;
  return refusal.message;
}

/** What was thrown, as a refusal. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  return new Refusal("unexpected_answer", "Something went wrong. Try again.");
}
