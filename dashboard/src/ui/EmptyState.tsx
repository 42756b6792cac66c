import type { ReactNode } from "react";
import classes from "./EmptyState.module.css";

interface Props {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  /** A stage with the light on, or off for what went wrong. */
  scene?: "stage" | "dark";
  /** Whether it stands for the whole page, whose heading its title is then. */
  page?: boolean;
}

/** What is shown in place of nothing: why it is empty, and the next step. */
export function EmptyState({ title, children, action, scene = "stage", page = false }: Props) {
  const Title = page ? "h1" : "p";
  return (
    <div className={classes.empty}>
      <Scene dark={scene === "dark"} />
      <Title className={classes.title} {...(page && { tabIndex: -1 })}>
        {title}
      </Title>
      {children !== undefined && <div className={classes.text}>{children}</div>}
      {action !== undefined && <div className={classes.action}>{action}</div>}
    </div>
  );
}

function Scene({ dark }: { dark: boolean }) {
  return (
    <svg className={classes.scene} viewBox="0 0 160 84" aria-hidden="true" data-dark={dark}>
      <path className={classes.beam} d="M80 4 118 70H42z" />
      <ellipse className={classes.pool} cx="80" cy="70" rx="40" ry="8" />
      <path className={classes.line} d="M12 70h136M72 4h16l-3 7h-10z" />
      <path className={classes.curtain} d="M12 4c2 24-1 44 5 66M22 4c3 26 2 46 7 66" />
      <path className={classes.curtain} d="M148 4c-2 24 1 44-5 66M138 4c-3 26-2 46-7 66" />
    </svg>
  );
}
