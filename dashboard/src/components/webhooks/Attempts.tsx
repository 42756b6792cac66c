import type { Attempt, Delivery } from "../../api/types";
import { EmptyState } from "../../ui/EmptyState";
import { Ahead } from "../../ui/Moment";
import { AttemptItem } from "./AttemptItem";
import classes from "./Webhooks.module.css";

interface Props {
  delivery: Delivery;
  attempts: Attempt[];
}

/** Each attempt at a message, the last one first and open. */
export function Attempts({ delivery, attempts }: Props) {
  const newest = [...attempts].reverse();
  return (
    <section aria-labelledby="attempts">
      <div className={classes.toolbar}>
        <h2 id="attempts">Attempts</h2>
        {delivery.next_attempt_at !== null && (
          <span className={classes.quiet} role="status">
            Next <Ahead at={delivery.next_attempt_at} />
          </span>
        )}
      </div>
      {newest.length === 0 ? (
        <EmptyState title={delivery.status === "pending" ? "Just a moment" : "It was never sent"}>
          {delivery.status === "pending"
            ? "The first attempt is about to be made."
            : "It was withdrawn before the first attempt."}
        </EmptyState>
      ) : (
        <ol className={classes.attempts} reversed>
          {newest.map((attempt, place) => (
            <li key={attempt.number}>
              <AttemptItem attempt={attempt} open={place === 0} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
