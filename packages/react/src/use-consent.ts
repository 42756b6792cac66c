import { useCallback, useEffect, useState } from "react";

/** Something that the user agreed to: for a time, or to one request. */
export interface GivenConsent {
  readonly id: string;
  readonly kind: "standing" | "once";
  readonly scope: "full" | "read_only";
  /** ISO 8601. */
  readonly expires_at: string;
}

/** What somebody asks the user. */
export interface ConsentRequest {
  readonly id: string;
  readonly asked_by: string;
  readonly reason: string;
  readonly scope: "full" | "read_only";
  readonly minutes: number;
  /** What whoever asked can read out, as a sign that it is they. */
  readonly digits: string;
}

interface ConsentState {
  readonly mode: "off" | "standing" | "ask";
  readonly standing_days: number;
  readonly consents: readonly GivenConsent[];
  readonly requests: readonly ConsentRequest[];
}

/** What the user says; the names are those of the guard's address. */
export type Said =
  | { readonly do: "agree"; readonly days?: number; readonly scope?: "full" | "read_only" }
  | { readonly do: "withdraw" }
  | { readonly do: "allow" | "decline" | "code"; readonly request_id: string };

export interface Consenting {
  /** Null until it is known. */
  readonly state: ConsentState | null;
  /** What went wrong, in words for people; null while nothing did. */
  readonly fault: string | null;
  /** The code to be read out, once one was made. */
  readonly code: string | null;
  readonly busy: boolean;
  readonly say: (said: Said) => Promise<void>;
}

/** What the guard at `address` knows of the signed-in user's consent, and what it is told. */
export function useConsent(address: string): Consenting {
  const [state, setState] = useState<ConsentState | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [code, setCode] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const look = useCallback(
    async (signal?: AbortSignal) => {
      const found = await asked(address, signal ? { signal } : {});
      if (!signal?.aborted) setState(found as unknown as ConsentState);
    },
    [address],
  );
  useEffect(() => {
    const abort = new AbortController();
    look(abort.signal).catch((error: unknown) => {
      if (!abort.signal.aborted) setFault(wordsOf(error));
    });
    return () => abort.abort();
  }, [look]);
  const say = useCallback(
    async (said: Said) => {
      setBusy(true);
      setFault(null);
      try {
        const told = await asked(address, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(said),
        });
        setCode(said.do === "code" ? String(told.code) : null);
        await look();
      } catch (error) {
        setFault(wordsOf(error));
      } finally {
        setBusy(false);
      }
    },
    [address, look],
  );
  return { state, fault, code, busy, say };
}

class Refusal extends Error {}

async function asked(address: string, init: RequestInit): Promise<Record<string, unknown>> {
  const headers = { accept: "application/json", ...init.headers };
  const answer = await fetch(address, { credentials: "same-origin", ...init, headers });
  const body = (await answer.json()) as Record<string, unknown>;
  if (!answer.ok) throw new Refusal(String(body.detail ?? "This did not work."));
  return body;
}

function wordsOf(error: unknown): string {
  return error instanceof Refusal ? error.message : "This could not be loaded. Try again.";
}
