/** What a read-only session may do. The one place that knows; the guard only asks. */

import { type Blocked, judgeScope } from "./core/restrictions.ts";

/** Judges the requests of sessions whose scope is `read_only`. */
export interface ReadOnlyPolicy {
  /** Why a request that may be taken for any of `methods` may not go on, or null. */
  judge(methods: readonly string[]): Blocked | null;

  /** Why a WebSocket may not be opened, or null. */
  judgeSocket(): Blocked | null;
}

/**
 * Lets pass what is safe by its method (RFC 9110, section 9.2.1).
 *
 * What goes over a WebSocket has no method, so none is opened.
 */
export class SafeMethodsOnly implements ReadOnlyPolicy {
  judge(methods: readonly string[]): Blocked | null {
    return judgeScope("read_only", methods);
  }

  judgeSocket(): Blocked | null {
    return { code: "read_only", label: "live connections" };
  }
}
