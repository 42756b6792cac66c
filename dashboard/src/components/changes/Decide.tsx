import { Button, Group } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { allowChange, refuseChange } from "../../api/changes";
import type { Change } from "../../api/types";
import { notify } from "../../ui/notify";
import { Problem } from "../../ui/Problem";

/** Allow it, once, or refuse it. */
export function Decide({ change }: { change: Change }) {
  const queryClient = useQueryClient();
  const after = (said: string) => async () => {
    notify(said);
    await queryClient.invalidateQueries({ queryKey: ["changes"] });
  };
  const allow = useMutation({
    mutationFn: () => allowChange(change.id),
    onSuccess: after("It is allowed: this change, once, within ten minutes."),
  });
  const refuse = useMutation({
    mutationFn: () => refuseChange(change.id),
    onSuccess: after("It is refused."),
  });
  const busy = allow.isPending || refuse.isPending;
  return (
    <>
      <Problem error={allow.error ?? refuse.error} />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" disabled={busy} onClick={() => refuse.mutate()}>
          Refuse
        </Button>
        <Button loading={allow.isPending} disabled={busy} onClick={() => allow.mutate()}>
          Allow once
        </Button>
      </Group>
    </>
  );
}
