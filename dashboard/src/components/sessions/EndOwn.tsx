import { Button } from "@mantine/core";
import type { Session } from "../../api/types";
import { useEndSession } from "../../hooks/use-end-session";

/** Ends one's own live session, at once: nobody has to be asked about it. */
export function EndOwn({ session }: { session: Session }) {
  const end = useEndSession();
  return (
    <Button
      size="compact-sm"
      variant="default"
      loading={end.isPending}
      onClick={() => end.mutate(session.id)}
    >
      End
    </Button>
  );
}
