import type { Settings } from "../../api/types";
import { deniedBy } from "../../wording/deny-packs";
import classes from "./RequestForm.module.css";

/** What the app refuses in every session, so that nobody is surprised by it. */
export function BlockedList({ settings }: { settings: Settings }) {
  const actions = settings.blocked_actions;
  const denied = deniedBy(settings.deny_packs);
  const labels = [...new Set([...actions.map(({ label }) => label), ...denied])];
  if (labels.length === 0) return null;
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
        {denied.map((label) => (
          <li key={label}>
            <span>{label}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
