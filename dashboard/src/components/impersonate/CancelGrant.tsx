import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { cancelGrant } from "../../api/impersonations";
import { Problem } from "../../ui/Problem";

/** Gives the permission back before it is used. */
export function CancelGrant({ grantId }: { grantId: string }) {
  const queryClient = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => cancelGrant(grantId),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["grants"] }),
  });
  return (
    <>
      <Button
        variant="subtle"
        color="gray"
        loading={cancel.isPending}
        onClick={() => cancel.mutate()}
      >
        Cancel the request
      </Button>
      <Problem error={cancel.error} />
    </>
  );
}
