"use client";

import type { Refusal } from "@understudy/browser";
import { type ReactElement, type RefObject, useEffect, useRef } from "react";
import { Field } from "./Field.tsx";
import type { ImpersonateButtonProps } from "./ImpersonateButton.tsx";
import { type Asked, EVERYTHING } from "./wanted.ts";
import { SCOPES } from "./wording.ts";

interface StartFieldsProps extends Pick<ImpersonateButtonProps, "ask" | "initial"> {
  readonly refusal: Refusal | null;
}

/** The fields of a start. What the refusal is about says so, and gets the focus. */
export function StartFields({
  ask = EVERYTHING,
  initial,
  refusal,
}: StartFieldsProps): ReactElement {
  const fields = useFocusOn(refusal);
  const error = (name: string): string | null => (refusal?.field === name ? refusal.message : null);
  return (
    <div ref={fields}>
      <Field label="Reason" hint="Why you need to, in a sentence." error={error("reason")}>
        {(control) => (
          <textarea
            {...control}
            name="reason"
            required
            maxLength={1000}
            rows={3}
            defaultValue={initial?.reason}
          />
        )}
      </Field>
      {ask.includes("ticket") && (
        <Field label="Ticket (optional)" error={error("ticket")}>
          {(control) => (
            <input {...control} name="ticket" autoComplete="off" defaultValue={initial?.ticket} />
          )}
        </Field>
      )}
      {ask.includes("scope") && <ScopeField error={error("scope")} />}
      {ask.includes("minutes") && (
        <Field label="Minutes (optional)" error={error("minutes")}>
          {(control) => (
            <input
              {...control}
              name="minutes"
              type="number"
              inputMode="numeric"
              min={1}
              max={60}
              defaultValue={initial?.minutes}
            />
          )}
        </Field>
      )}
    </div>
  );
}

/** Whether a refusal is about a field that the dialog shows. */
export function isShown(refusal: Refusal, ask: readonly Asked[] = EVERYTHING): boolean {
  return refusal.field === "reason" || ask.some((name) => name === refusal.field);
}

function ScopeField({ error }: { readonly error: string | null }): ReactElement {
  return (
    <Field label="What you may do" error={error}>
      {(control) => (
        <select {...control} name="scope" defaultValue="read_only">
          <option value="read_only">{SCOPES.read_only}</option>
          <option value="full">{SCOPES.full}</option>
        </select>
      )}
    </Field>
  );
}

function useFocusOn(refusal: Refusal | null): RefObject<HTMLDivElement | null> {
  const fields = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const wrong = refusal && fields.current?.querySelector<HTMLElement>("[aria-invalid]");
    wrong?.focus();
  }, [refusal]);
  return fields;
}
