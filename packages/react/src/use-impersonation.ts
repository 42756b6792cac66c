"use client";

import type { Impersonation, NoImpersonation, Understudy } from "@understudy/browser";
import { useMemo, useSyncExternalStore } from "react";
import { useUnderstudy } from "./provider.tsx";

/** As whom this browser works. On a server, and until the app has answered, nobody knows. */
export interface Impersonating {
  readonly known: boolean;
  /** The session, null where there is none and where nobody knows. */
  readonly impersonation: Impersonation | null;
  /** Why the last session is over, where that is known. */
  readonly ending: NoImpersonation | null;
  readonly start: Understudy["start"];
  readonly end: Understudy["end"];
}

const unknown = (): null => null;

/** As whom this browser works, in step with the other tabs. */
export function useImpersonation(): Impersonating {
  const understudy = useUnderstudy();
  const status = useSyncExternalStore(understudy.subscribe, understudy.current, unknown);
  return useMemo(
    () => ({
      known: status !== null,
      impersonation: status?.impersonating ? status : null,
      ending: status && !status.impersonating && status.cause !== null ? status : null,
      start: understudy.start,
      end: understudy.end,
    }),
    [understudy, status],
  );
}
