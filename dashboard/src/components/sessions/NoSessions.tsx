import { EmptyState } from "../../ui/EmptyState";

export function NoSessions({ live }: { live: boolean }) {
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
