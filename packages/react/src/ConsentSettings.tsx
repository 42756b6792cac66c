"use client";

import { type ReactElement, type ReactNode, useId } from "react";
import { type ConsentRequest, type GivenConsent, type Said, useConsent } from "./use-consent.ts";

const SCOPES = { full: "look and change things", read_only: "look, and change nothing" };

export interface ConsentSettingsProps {
  /** Where the guard serves consent, if the app has moved it. */
  readonly address?: string;
  /** What stands above, in place of *Support in your account*. */
  readonly title?: ReactNode;
  /** BCP 47, for dates; the browser's own language without it. */
  readonly locale?: string | undefined;
}

/** What the signed-in user agrees to, who asks them, and taking it back. */
export function ConsentSettings(props: ConsentSettingsProps): ReactElement {
  const { address = "/_understudy/consent", title = "Support in your account", locale } = props;
  const heading = useId();
  const { state, fault, code, busy, say } = useConsent(address);
  const given = state?.consents ?? [];
  return (
    <section className="understudy-consent" aria-labelledby={heading} aria-busy={busy}>
      <h2 className="understudy-title" id={heading}>
        {title}
      </h2>
      {state?.requests.map((request) => (
        <Request key={request.id} request={request} busy={busy} say={say} />
      ))}
      {code !== null && (
        <p className="understudy-hint">
          Read <strong>{code}</strong> to the person who asked you. It is good for ten minutes and
          for them alone, and says nothing of who they are.
        </p>
      )}
      {given.map((one) => (
        <p key={one.id}>{inWords(one, locale)}</p>
      ))}
      {given.length > 0 && (
        <Press busy={busy} say={say} said={{ do: "withdraw" }}>
          Take it back
        </Press>
      )}
      {state?.mode === "standing" && given.length === 0 && (
        <>
          <p>Support may work in your account only if you agree.</p>
          <Press busy={busy} say={say} said={{ do: "agree" }}>
            {`Agree for ${state.standing_days} days`}
          </Press>
        </>
      )}
      <div role="status">
        {state === null && fault === null && <p className="understudy-hint">Loading…</p>}
        {fault !== null && <p className="understudy-error">{fault}</p>}
        {state !== null && isQuiet(state.mode, state.requests.length + given.length) && (
          <p className="understudy-hint">
            {state.mode === "ask"
              ? "You are asked here before somebody works in your account. Nobody asks at the moment."
              : "You are asked nothing here."}
          </p>
        )}
      </div>
    </section>
  );
}

interface RequestProps {
  readonly request: ConsentRequest;
  readonly busy: boolean;
  readonly say: (said: Said) => Promise<void>;
}

function Request({ request, busy, say }: RequestProps): ReactElement {
  const { id: request_id, asked_by, minutes, scope, reason, digits } = request;
  return (
    <div className="understudy-request">
      <p>
        <strong>{asked_by}</strong> asks to work in your account for {minutes} minutes: to{" "}
        {SCOPES[scope]}.
      </p>
      <p className="understudy-hint">{reason}</p>
      <p>
        Do you speak with them? Then they can tell you this number: <strong>{digits}</strong>
      </p>
      <div className="understudy-actions">
        <Press busy={busy} say={say} said={{ do: "allow", request_id }}>
          Allow
        </Press>
        <Press busy={busy} say={say} said={{ do: "decline", request_id }}>
          Do not allow
        </Press>
        <Press busy={busy} say={say} said={{ do: "code", request_id }}>
          Show a code to read out
        </Press>
      </div>
    </div>
  );
}

interface PressProps {
  readonly said: Said;
  readonly busy: boolean;
  readonly say: (said: Said) => Promise<void>;
  readonly children: ReactNode;
}

function Press({ said, busy, say, children }: PressProps): ReactElement {
  return (
    <button
      type="button"
      className="understudy-button"
      disabled={busy}
      onClick={() => {
        say(said).catch(() => undefined);
      }}
    >
      {children}
    </button>
  );
}

function inWords(one: GivenConsent, locale: string | undefined): string {
  if (one.kind === "once") return `You allowed somebody to ${SCOPES[one.scope]} in your account.`;
  const until = new Date(one.expires_at).toLocaleDateString(locale, { dateStyle: "long" });
  return `You agreed that support may ${SCOPES[one.scope]} in your account, until ${until}.`;
}

function isQuiet(mode: "off" | "standing" | "ask", shown: number): boolean {
  return shown === 0 && mode !== "standing";
}
