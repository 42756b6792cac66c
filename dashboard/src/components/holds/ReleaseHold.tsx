import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { releaseHold } from "../../api/holds";
import type { Hold } from "../../api/types";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { notify } from "../../ui/notify";

interface Props {
  hold: Hold;
  /** What it covers, as a name. */
  what: string;
}

/** Lets retention go on where a hold stopped it. */
export function ReleaseHold({ hold, what }: Props) {
  const queryClient = useQueryClient();
  const [asking, setAsking] = useState(false);
  const release = useMutation({
    mutationFn: () => releaseHold(hold.id),
    onSuccess: async () => {
      setAsking(false);
      notify("The hold is released.");
      await queryClient.invalidateQueries({ queryKey: ["holds"] });
    },
  });
  return (
    <>
      <Button
        size="compact-sm"
        variant="light"
        aria-label={`Release the hold on ${what}`}
        onClick={() => setAsking(true)}
      >
        Release
      </Button>
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Release the hold on ${what}?`}
        action="Release"
        danger
        busy={release.isPending}
        error={release.error}
        onConfirm={() => release.mutate()}
      >
        Unless another hold covers it, too, retention erases within minutes whatever is older than
        the application keeps. That cannot be taken back.
      </ConfirmDialog>
    </>
  );
}
