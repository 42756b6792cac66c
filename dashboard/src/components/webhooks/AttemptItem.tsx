import { IconChevronRight } from "@tabler/icons-react";
import { type ReactNode, useId } from "react";
import type { Attempt } from "../../api/types";
import { CodeBlock } from "../../ui/Copy";
import { took } from "../../ui/duration";
import { Moment } from "../../ui/Moment";
import { Pill } from "../../ui/Pill";
import { legible } from "./legible";
import classes from "./Webhooks.module.css";

interface Props {
  attempt: Attempt;
  open: boolean;
}

/** One attempt: how it went, how long it took, what was sent and what came back. */
export function AttemptItem({ attempt, open }: Props) {
  const { number, at, duration_ms, url, request, status, answer, error } = attempt;
  const erased = request === null && answer === null;
  return (
    <details className={classes.attempt} open={open}>
      <summary>
        <IconChevronRight className={classes.caret} size={16} aria-hidden="true" />
        <span className={classes.number}>Attempt {number}</span>
        <Outcome attempt={attempt} />
        <span className={classes.quiet}>{took(duration_ms)}</span>
        <Moment at={at} />
      </summary>
      <div className={classes.texts}>
        {error !== null && <Part title="What went wrong">{error}</Part>}
        <Part title="Posted to">
          <code>{url}</code>
        </Part>
        {erased && <p className={classes.quiet}>What was sent and answered is erased.</p>}
        {request !== null && (
          <Part title="Request">
            <CodeBlock code={legible(request)} label={`request of attempt ${number}`} />
          </Part>
        )}
        {answer !== null && (
          <Part title={status === null ? "Answer" : `Answer, status ${status}`}>
            {answer === "" ? (
              <p className={classes.quiet}>It was empty.</p>
            ) : (
              <CodeBlock code={legible(answer)} label={`answer to attempt ${number}`} />
            )}
          </Part>
        )}
      </div>
    </details>
  );
}

function Outcome({ attempt: { status } }: { attempt: Attempt }) {
  if (status === null) return <Pill tone="bad">No answer</Pill>;
  const taken = status >= 200 && status < 300;
  return <Pill tone={taken ? "good" : "bad"}>{status}</Pill>;
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  const heading = useId();
  return (
    <section aria-labelledby={heading}>
      <h3 id={heading}>{title}</h3>
      {children}
    </section>
  );
}
