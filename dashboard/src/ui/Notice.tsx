import type { ReactNode } from "react";
import classes from "./Notice.module.css";

interface Props {
  tone: "calm" | "live" | "good" | "bad";
  icon?: ReactNode;
  title?: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
}

/** Something to know before going on. */
export function Notice({ tone, icon, title, children, action }: Props) {
  return (
    <div className={classes.notice} data-tone={tone}>
      {icon !== undefined && (
        <span className={classes.icon} aria-hidden="true">
          {icon}
        </span>
      )}
      <div className={classes.words}>
        {title !== undefined && <div className={classes.title}>{title}</div>}
        {children}
      </div>
      {action !== undefined && <div className={classes.action}>{action}</div>}
    </div>
  );
}
