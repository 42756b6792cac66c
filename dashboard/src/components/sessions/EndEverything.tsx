import { Button } from "@mantine/core";
import { useState } from "react";
import type { Application } from "../../api/types";
import { useRevokeAll } from "../../hooks/use-end-session";
import { useMay } from "../../hooks/use-me";
import { ConfirmDialog } from "../../ui/ConfirmDialog";

/** One button that ends whatever runs and waits: of one application, or of all of them. */
export function EndEverything({ application }: { application: Application | undefined }) {
  const [asking, setAsking] = useState(false);
  const mayRevoke = useMay("sessions.revoke");
  const revoke = useRevokeAll();
  if (!mayRevoke) return null;
  const where = application ? `in ${application.name}` : "in every application";
  return (
    <>
      <Button variant="light" color="claret" onClick={() => setAsking(true)}>
        End everything
      </Button>
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={`End everything ${where}?`}
        action="End everything now"
        danger
        busy={revoke.isPending}
        error={revoke.error}
        onConfirm={() => revoke.mutate(application?.id, { onSuccess: () => setAsking(false) })}
      >
        Everybody who works as somebody {where} is out at once; what they have not saved is lost,
        and requests that wait are cancelled. The log says for each that you did it.
      </ConfirmDialog>
    </>
  );
}
