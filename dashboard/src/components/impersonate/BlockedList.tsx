import type { BlockedAction } from "../../api/types";
import classes from "./RequestForm.module.css";

/** What the app refuses in every session, so that nobody is surprised by it. */
export function BlockedList({ actions }: { actions: BlockedAction[] }) {
  if (actions.length === 0) return null;
  const labels = [...new Set(actions.map(({ label }) => label))];
  return (
    <details className={classes.blocked}>
      <summary>
        Stays blocked: {labels.slice(0, 3).join(", ")}
        {labels.length > 3 && ` and ${labels.length - 3} more`}
      </summary>
      <ul>
        {actions.map(({ method, pattern, label }) => (
          <li key={`${method} ${pattern}`}>
            <span>{label}</span>
            <code>
              {method === "*" ? "any" : method} {pattern}
            </code>
          </li>
        ))}
      </ul>
    </details>
  );
}
