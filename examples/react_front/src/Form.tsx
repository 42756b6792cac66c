import { type FormEvent, type ReactElement, type ReactNode, useState } from "react";

interface FormProps {
  readonly label: string;
  readonly children: ReactNode;
  /** What comes of it is told; what goes wrong as well, and then nothing typed is lost. */
  readonly send: (typed: (name: string) => string) => Promise<unknown>;
  readonly done?: string;
}

export function Form({ label, children, send, done }: FormProps): ReactElement {
  const [told, setTold] = useState("");
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    send((name) => String(fields.get(name) ?? "")).then(
      () => {
        setTold(done ?? "");
        form.reset();
      },
      (error: Error) => setTold(error.message),
    );
  };
  return (
    <form className="card" onSubmit={submit}>
      {children}
      <button type="submit">{label}</button>
      {told && (
        <p className="told" role="status">
          {told}
        </p>
      )}
    </form>
  );
}
