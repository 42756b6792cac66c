import { EmptyState } from "../../ui/EmptyState";

interface Props {
  live: boolean;
  /** Whether only some were asked for: then nothing is said of the others. */
  filtered: boolean;
}

export function NoSessions({ live, filtered }: Props) {
  if (filtered) {
    return (
      <EmptyState title={live ? "No live session fits" : "No past session fits"}>
        There may be others: drop a filter to see them.
      </EmptyState>
    );
  }
  if (!live) {
    return (
      <EmptyState title="No session has ended yet">
        Once somebody has worked in a user’s account, it is listed here with its reason.
      </EmptyState>
    );
  }
  return (
    <EmptyState title="Nobody is on stage">
      No operator is in a user’s account right now. Sessions appear here as they start.
    </EmptyState>
  );
}
