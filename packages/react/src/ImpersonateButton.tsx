"use client";

import { type ReactElement, type ReactNode, useRef, useState } from "react";
import { StartDialog } from "./StartDialog.tsx";
import type { Asked } from "./wanted.ts";

export interface ImpersonateButtonProps {
  /** Whom to work as: the id that the app knows them by, and what people call them. */
  readonly subject: { readonly id: string | number; readonly name?: string | null | undefined };
  /** What the dialog asks for beside the reason; everything, by default. */
  readonly ask?: readonly Asked[] | undefined;
  /** What the fields say at first, as out of a ticket. */
  readonly initial?:
    | { readonly reason?: string; readonly ticket?: string; readonly minutes?: number }
    | undefined;
  readonly className?: string | undefined;
  readonly disabled?: boolean | undefined;
  /** What the button says, in place of *Impersonate*. */
  readonly children?: ReactNode;
}

/** A button that asks for a reason, starts a session as `subject` and goes where it begins. */
export function ImpersonateButton(props: ImpersonateButtonProps): ReactElement {
  const { subject, children = "Impersonate", className = "understudy-button", disabled } = props;
  const [isOpen, setIsOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setIsOpen(false);
    opener.current?.focus();
  };
  return (
    <>
      <button
        ref={opener}
        type="button"
        className={className}
        disabled={disabled}
        aria-haspopup="dialog"
        onClick={() => setIsOpen(true)}
      >
        {children}
      </button>
      {isOpen && (
        <StartDialog subject={subject} ask={props.ask} initial={props.initial} onClose={close} />
      )}
    </>
  );
}
