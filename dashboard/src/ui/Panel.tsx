import { type ReactNode, useId } from "react";
import classes from "./Panel.module.css";

interface Props {
  title?: ReactNode;
  lead?: ReactNode;
  action?: ReactNode;
  id?: string;
  children: ReactNode;
}

/** A sheet of paper on the page, with a heading of its own. */
export function Panel({ title, lead, action, id, children }: Props) {
  const heading = useId();
  return (
    <section
      className={classes.panel}
      id={id}
      {...(title !== undefined && { "aria-labelledby": heading })}
    >
      {title !== undefined && (
        <header className={classes.header}>
          <div>
            <h2 id={heading} className={classes.title}>
              {title}
            </h2>
            {lead !== undefined && <p className={classes.lead}>{lead}</p>}
          </div>
          {action}
        </header>
      )}
      {children}
    </section>
  );
}
