import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Delivery, Webhook } from "../../api/types";
import { replayDelivery } from "../../api/webhooks";
import { failure } from "../../ui/ErrorState";
import { notify, notifyProblem } from "../../ui/notify";

interface Props {
  webhook: Webhook;
  delivery: Delivery;
}

/** Sends a message once more, under its own id: a receiver that had it knows that it had it. */
export function ReplayButton({ webhook, delivery }: Props) {
  const queryClient = useQueryClient();
  const replay = useMutation({
    mutationFn: () => replayDelivery(webhook.id, delivery.id),
    onSuccess: async () => {
      notify("It is on its way again.");
      await queryClient.invalidateQueries({ queryKey: ["deliveries"] });
    },
    onError: (error) => notifyProblem(failure(error)),
  });
  const disabled = webhook.status === "disabled";
  return (
    <Button
      variant="default"
      leftSection={<IconRefresh size={16} aria-hidden="true" />}
      disabled={disabled}
      {...(disabled && { title: "The endpoint is disabled. Enable it first." })}
      loading={replay.isPending}
      onClick={() => replay.mutate()}
    >
      {delivery.status === "pending" ? "Try now" : "Send again"}
    </Button>
  );
}
