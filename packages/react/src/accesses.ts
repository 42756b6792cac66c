import type { Scope } from "@understudy/browser";
import { useCallback, useEffect, useRef, useState } from "react";

/** One session in which somebody worked in the account. */
export interface Access {
  readonly id: string;
  /** Who it was, as the account's owner may know them. */
  readonly actor: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** ISO 8601; null while it goes on. */
  readonly endedAt: string | null;
  readonly scope: Scope;
  readonly reason?: string | null;
  readonly ticket?: string | null;
}

export interface AccessPage {
  readonly accesses: readonly Access[];
  /** Where the next page begins; null where there is none. */
  readonly next?: string | null;
}

export type Load = (asked: {
  /** Where the page begins; null for the first one. */
  readonly after: string | null;
  readonly signal: AbortSignal;
}) => Promise<AccessPage>;

/** The signed-in user's accesses, as the guard tells them. */
export const fromGuard: Load = async ({ signal }) => {
  const headers = { accept: "application/json" };
  const answer = await fetch("/_understudy/access-history", { headers, signal });
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  const { items } = (await answer.json()) as { readonly items: readonly Told[] };
  return { accesses: items.map(accessOf), next: null };
};

interface Told {
  readonly session_id: string;
  readonly actor: { readonly name: string | null };
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly scope: Scope;
  readonly reason: string | null;
  readonly ticket: string | null;
}

function accessOf(told: Told): Access {
  return {
    id: told.session_id,
    actor: told.actor.name ?? "Support",
    startedAt: told.started_at,
    endedAt: told.ended_at,
    scope: told.scope,
    reason: told.reason,
    ticket: told.ticket,
  };
}

export interface Accesses {
  readonly accesses: readonly Access[];
  readonly state: "asking" | "told" | "failed";
  readonly next: string | null;
  /** Asks for the page that is missing. */
  readonly more: () => void;
}

/** The pages that were loaded so far. */
export function useAccesses(load: Load): Accesses {
  const [accesses, setAccesses] = useState<readonly Access[]>([]);
  const [state, setState] = useState<Accesses["state"]>("asking");
  const [next, setNext] = useState<string | null>(null);
  const abort = useRef<AbortController | null>(null);
  // Most apps give a new function each time they render, and it loads the same.
  const latest = useRef(load);
  useEffect(() => {
    latest.current = load;
  }, [load]);
  const ask = useCallback(async (after: string | null): Promise<void> => {
    abort.current?.abort();
    abort.current = new AbortController();
    const { signal } = abort.current;
    setState("asking");
    try {
      const page = await latest.current({ after, signal });
      if (signal.aborted) return;
      setAccesses((known) => (after === null ? page.accesses : [...known, ...page.accesses]));
      setNext(page.next ?? null);
      setState("told");
    } catch {
      if (!signal.aborted) setState("failed");
    }
  }, []);
  useEffect(() => {
    void ask(null);
    return () => abort.current?.abort();
  }, [ask]);
  return { accesses, state, next, more: () => void ask(next) };
}
