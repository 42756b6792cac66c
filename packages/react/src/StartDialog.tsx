"use client";

import type { Refusal } from "@understudy/browser";
import {
  type FormEvent,
  type ReactElement,
  type RefObject,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import type { ImpersonateButtonProps } from "./ImpersonateButton.tsx";
import { useUnderstudy } from "./provider.tsx";
import { isShown, StartFields } from "./StartFields.tsx";
import { wantedOf } from "./wanted.ts";
import { refusalOf, refusalText } from "./wording.ts";

interface StartDialogProps extends Pick<ImpersonateButtonProps, "subject" | "ask" | "initial"> {
  readonly onClose: () => void;
}

/** Asks why, and starts. What was typed stays until it has begun. */
export function StartDialog({ subject, ask, initial, onClose }: StartDialogProps): ReactElement {
  const title = useId();
  const dialog = useModal();
  const { refusal, isBusy, submit } = useStart(subject.id);
  const general = refusal !== null && !isShown(refusal, ask) ? refusalText(refusal) : null;
  return (
    <dialog ref={dialog} className="understudy-dialog" aria-labelledby={title} onClose={onClose}>
      {/* Without the browser's own bubbles: what is wrong is said beside the field, and by the server. */}
      <form className="understudy-form" noValidate onSubmit={submit}>
        <h2 className="understudy-title" id={title}>
          Work as <bdi>{subject.name || subject.id}</bdi>
        </h2>
        <p className="understudy-lead">
          What you do there is recorded in your own name, with your reason.
        </p>
        <div role="alert">{general !== null && <p className="understudy-alert">{general}</p>}</div>
        <StartFields ask={ask} initial={initial} refusal={refusal} />
        <div className="understudy-actions">
          <button
            type="button"
            className="understudy-button"
            onClick={() => dialog.current?.close()}
          >
            Cancel
          </button>
          {/* Not disabled: the focus would be lost, and with it where somebody is in the page. */}
          <button
            type="submit"
            className="understudy-button understudy-button-main"
            aria-disabled={isBusy || undefined}
          >
            {isBusy ? "Starting…" : "Start"}
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** A dialog that is open, over everything else, for as long as it is in the page. */
function useModal(): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const found = dialog.current;
    if (found && !found.open) found.showModal();
  }, []);
  return dialog;
}

interface Start {
  readonly refusal: Refusal | null;
  readonly isBusy: boolean;
  readonly submit: (event: FormEvent<HTMLFormElement>) => void;
}

function useStart(subjectId: string | number): Start {
  const understudy = useUnderstudy();
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const begin = async (form: HTMLFormElement): Promise<void> => {
    setIsBusy(true);
    setRefusal(null);
    try {
      // The page goes from here to the session, and the dialog stays busy until it is gone.
      await understudy.start(wantedOf(subjectId, form));
    } catch (error) {
      setRefusal(refusalOf(error));
      setIsBusy(false);
    }
  };
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (!isBusy) void begin(event.currentTarget);
  };
  return { refusal, isBusy, submit };
}
