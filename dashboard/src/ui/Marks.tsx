import type { Mark } from "../api/types";
import classes from "./Marks.module.css";
import { Pill } from "./Pill";

const MARKS: Record<Mark, string> = {
  off_hours: "Off hours",
  ticketless: "No ticket",
  taken_over: "Account taken over",
};

/** What is unusual about a grant, at a glance; nothing where there is nothing. */
export function Marks({ marks }: { marks: readonly Mark[] }) {
  if (marks.length === 0) return null;
  return (
    <span className={classes.marks}>
      {marks.map((mark) => (
        <Pill key={mark} tone="bad">
          {MARKS[mark] ?? mark}
        </Pill>
      ))}
    </span>
  );
}

/** The marks in the text of an entry's detail. */
export function marksIn(detail: unknown): Mark[] {
  if (typeof detail !== "string") return [];
  return detail.split(" ").filter((one): one is Mark => Object.hasOwn(MARKS, one));
}
