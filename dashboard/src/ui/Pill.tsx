import type { ReactNode } from "react";
import classes from "./Pill.module.css";

export type Tone = "live" | "good" | "bad" | "calm" | "quiet";

/** A state in a word, with a shape beside its colour for those who do not tell colours apart. */
export function Pill({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={classes.pill} data-tone={tone}>
      <span className={classes.shape} aria-hidden="true" />
      {children}
    </span>
  );
}
