/** What the app says of its own staff, by callables that it gives us. */

import { type Addresses, pathOf } from "./addresses.ts";
import { NotFound, NotSignedIn, SetupError } from "./core/errors.ts";
import { requireId, requireText } from "./core/text.ts";
import { complain, nameOf } from "./logging.ts";
import { safePath } from "./returnPath.ts";
import type { Actor, Subject } from "./values.ts";

type Maybe<T> = T | null | undefined;

/** Who of the app's staff makes `request`; nothing for anybody else. */
export type StaffOf<Request> = (request: Request) => Maybe<Member> | Promise<Maybe<Member>>;
/** Whether `actor` may ask for a subject at all. */
export type MayStart<Request> = (
  actor: Actor,
  subjectId: string,
  request: Request,
) => boolean | Promise<boolean>;
/** The path at which the work as `subject` begins. */
export type HomeOf = (subject: Subject) => Maybe<string> | Promise<Maybe<string>>;

/** Somebody of the app's staff, as its own sign-in has found them. */
export interface Member {
  readonly id: string;
  readonly email?: Maybe<string>;
  readonly name?: Maybe<string>;
  /** The groups that they are in, for policies: small letters, digits, `-` and `_`. */
  readonly groups?: Maybe<readonly string[]>;
}

export const MAX_ACTOR_ID = 255;
const MOST_GROUPS = 20;
const GROUP = /^[a-z0-9](?:[a-z0-9_-]{0,48}[a-z0-9])?$/;

/**
 * Sign in again, then start once more.
 *
 * For `staff` and `mayStart` to throw. `at` is the path of the app's own sign-in, if a browser is
 * to be sent there.
 */
export class SignInRequired extends NotSignedIn {
  readonly at: string | null;

  constructor(detail?: string, { at }: { readonly at?: string } = {}) {
    super(detail);
    this.at = safePath(at ?? null, "") || null;
  }
}

/** The callables by which staff start sessions from within the app. */
export interface Staff {
  readonly staffOf: StaffOf<never>;
  readonly mayStart: MayStart<never> | null;
  readonly homeOf: HomeOf | null;
}

/**
 * The callables, if the app gives any.
 *
 * @throws {SetupError} what hangs on `staff` is set without it.
 */
export function readStaff(
  staffOf: Maybe<StaffOf<never>>,
  mayStart: Maybe<MayStart<never>>,
  homeOf: Maybe<HomeOf>,
): Staff | null {
  if (staffOf != null) return { staffOf, mayStart: mayStart ?? null, homeOf: homeOf ?? null };
  if (mayStart != null || homeOf != null) {
    throw new SetupError("mayStart and homeOf say more of what staff may start: set staff, too.");
  }
  return null;
}

/**
 * Who asks, by what `staffOf` has given or thrown. Whatever is in doubt is nobody.
 *
 * @throws {NotFound} nobody of the staff; they find nothing where others start.
 * @throws {SignInRequired} the app wants to see them sign in first.
 */
export function readActor(given: unknown): Actor {
  if (given instanceof SignInRequired) throw given;
  if (given === null || given === undefined) throw new NotFound();
  const actor = actorIn(given);
  if (actor !== null) return actor;
  tell("staff", given);
  throw new NotFound();
}

/**
 * Whether `mayStart` has said yes, and nothing that is only like it.
 *
 * @throws {SignInRequired} the app wants to see them sign in first.
 */
export function isPermitted(given: unknown): boolean {
  if (given instanceof SignInRequired) throw given;
  if (typeof given !== "boolean") {
    tell("mayStart", given);
  }
  return given === true;
}

/** Where the session begins; where the app itself does, if `homeOf` names no path of it. */
export function readHome(given: unknown, addresses: Addresses): string {
  if (given !== null && given !== undefined && typeof given !== "string") {
    tell("homeOf", given);
  }
  const path = safePath(typeof given === "string" ? given : null, addresses.home);
  return addresses.owns(pathOf(path)) ? addresses.home : path;
}

function actorIn(given: unknown): Actor | null {
  if (typeof given !== "object" || given === null || given instanceof Error) return null;
  const { id, email, name, groups } = given as Record<string, unknown>;
  // Many apps keep an empty text where they know nothing; no service takes it for a name.
  const said = { email: email || null, name: name || null };
  const inGroups = groupsIn(groups ?? []);
  if (inGroups === null || !isNamed(id, said.email, said.name)) return null;
  const named = { kind: "named_by_application", id: id as string };
  const actor = { ...named, ...(said as Pick<Actor, "email" | "name">) };
  return inGroups.length > 0 ? { ...actor, groups: inGroups } : actor;
}

function groupsIn(given: unknown): readonly string[] | null {
  if (!Array.isArray(given)) return null;
  const groups = [...new Set<unknown>(given)];
  const areGroups = groups.every((one) => typeof one === "string" && GROUP.test(one));
  return areGroups && groups.length <= MOST_GROUPS ? (groups.sort() as string[]) : null;
}

function isNamed(id: unknown, email: unknown, name: unknown): boolean {
  if (typeof id !== "string" || id.length === 0 || id.length > MAX_ACTOR_ID) return false;
  if (![email, name].every((one) => one === null || typeof one === "string")) return false;
  try {
    requireId(id, "id");
    requireId(email as string | null, "email");
    requireText(name as string | null, "name");
  } catch {
    return false;
  }
  return true;
}

function tell(callable: string, given: unknown): void {
  const what = nameOf(given);
  complain(`The app's ${callable}() gave ${what}, so nothing was started by it`, {
    action: "ask_app",
  });
}
