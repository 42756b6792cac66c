import { useNow } from "../hooks/use-now";
import classes from "./Countdown.module.css";
import { clockFace } from "./duration";

const SOON = 2 * 60_000;

/** The time left until `until`, each second. It is not read out by itself: that would never end. */
export function Countdown({ until, label = "left" }: { until: string; label?: string }) {
  const left = Date.parse(until) - useNow();
  if (left <= 0) return <span className={classes.countdown}>time is up</span>;
  return (
    <span className={classes.countdown} role="timer" aria-live="off" data-soon={left < SOON}>
      <span className="numbers">{clockFace(left)}</span>{" "}
      <span className={classes.label}>{label}</span>
    </span>
  );
}
