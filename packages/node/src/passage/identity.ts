/** Whether the app's user is the subject, which is not taken on anybody's word. */

import { warn } from "../logging.ts";
import type { Subject } from "../values.ts";

/** Finds the id of the app's user, as text, a number, or whatever prints as the subject's id. */
export type UserId = (user: unknown) => unknown;

export interface IdentityOptions {
  readonly userId?: UserId | null;
  readonly loads: boolean;
}

/** Compares users by `userId`, as text. With `loads` the app has users to be loaded. */
export class Identity {
  readonly loads: boolean;
  readonly #userId: UserId;

  constructor({ userId = null, loads }: IdentityOptions) {
    this.loads = loads;
    this.#userId = userId ?? defaultUserId;
  }

  /** True when `user` has the subject's id; null, and a user without an id, is nobody. */
  isSubject(user: unknown, subject: Subject): boolean {
    if (isNobody(user)) return false;
    const found = this.#userId(user);
    if (isNobody(found)) {
      warn("A user has no id: give the adapter userId, which finds it", {
        action: "identify_user",
      });
      return false;
    }
    return String(found) === subject.id;
  }

  /** True when `user`, whom the app has found out by itself, is somebody else. */
  contradicts(user: unknown, subject: Subject): boolean {
    const found = isNobody(user) ? null : this.#userId(user);
    return !isNobody(found) && String(found) !== subject.id;
  }
}

/** The user's `id`; in a Map, what stands under that key. */
export function defaultUserId(user: unknown): unknown {
  if (user instanceof Map) return user.get("id");
  return typeof user === "object" && user !== null ? Reflect.get(user, "id") : null;
}

function isNobody(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}
