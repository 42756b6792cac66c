import { type ReactElement, useId } from "react";

/** What a control needs to belong to its label, its hint and its error. */
interface Control {
  readonly id: string;
  readonly className: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
}

interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly error: string | null;
  readonly children: (control: Control) => ReactElement;
}

/** A control with its label, what to know beforehand, and what is wrong with it. */
export function Field({ label, hint, error, children }: FieldProps): ReactElement {
  const id = useId();
  const described = [hint && `${id}-hint`, error !== null && `${id}-error`].filter(Boolean);
  return (
    <div className="understudy-field">
      <label className="understudy-label" htmlFor={id}>
        {label}
      </label>
      {hint && (
        <p className="understudy-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children({
        id,
        className: "understudy-control",
        "aria-describedby": described.join(" ") || undefined,
        "aria-invalid": error !== null || undefined,
      })}
      {error !== null && (
        <p className="understudy-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}
