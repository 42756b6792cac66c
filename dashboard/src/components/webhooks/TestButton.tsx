import { Button } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Webhook } from "../../api/types";
import { testWebhook } from "../../api/webhooks";
import { failure } from "../../ui/ErrorState";
import { notifyProblem } from "../../ui/notify";

/** Sends a message that tells of nothing, and goes on to what became of it. */
export function TestButton({ webhook }: { webhook: Webhook }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const test = useMutation({
    mutationFn: () => testWebhook(webhook.id),
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: ["deliveries"] });
      await navigate({
        to: "/settings/$applicationId/webhooks/$endpointId/$deliveryId",
        params: {
          applicationId: webhook.application_id,
          endpointId: webhook.id,
          deliveryId: id,
        },
      });
    },
    onError: (error) => notifyProblem(failure(error)),
  });
  const disabled = webhook.status === "disabled";
  return (
    <Button
      variant="default"
      leftSection={<IconSend size={16} aria-hidden="true" />}
      disabled={disabled}
      {...(disabled && { title: "The endpoint is disabled. Enable it first." })}
      loading={test.isPending}
      onClick={() => test.mutate()}
    >
      Send a test
    </Button>
  );
}
