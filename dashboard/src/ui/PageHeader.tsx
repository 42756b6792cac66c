import type { ReactNode } from "react";
import { useEffect } from "react";
import classes from "./PageHeader.module.css";

interface Props {
  title: string;
  /** Shown in place of the title's text, when a page is about somebody. */
  heading?: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
}

/** The page's title, in the tab as well, and what can be done with the page as a whole. */
export function PageHeader({ title, heading, lead, actions }: Props) {
  useEffect(() => {
    document.title = `${title} · Understudy`;
  }, [title]);
  return (
    <header className={classes.header}>
      <div className={classes.words}>
        <h1 className={classes.title} tabIndex={-1}>
          {heading ?? title}
        </h1>
        {lead !== undefined && <p className={classes.lead}>{lead}</p>}
      </div>
      {actions !== undefined && <div className={classes.actions}>{actions}</div>}
    </header>
  );
}
