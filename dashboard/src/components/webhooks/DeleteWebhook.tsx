import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Webhook } from "../../api/types";
import { deleteWebhook } from "../../api/webhooks";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { notify } from "../../ui/notify";
import { headingOf } from "./endpoint-name";

interface Props {
  webhook: Webhook;
  opened: boolean;
  onClose: () => void;
}

/** Removes an endpoint with everything that was kept of its messages. */
export function DeleteWebhook({ webhook, opened, onClose }: Props) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const { title } = headingOf(webhook);
  const remove = useMutation({
    mutationFn: () => deleteWebhook(webhook.id),
    onSuccess: async () => {
      onClose();
      notify(`${title} is deleted.`);
      await navigate({
        to: "/settings/$applicationId/webhooks",
        params: { applicationId: webhook.application_id },
        replace: true,
      });
      queryClient.removeQueries({ queryKey: ["webhooks", webhook.id] });
      queryClient.removeQueries({ queryKey: ["deliveries", webhook.id] });
      await queryClient.invalidateQueries({ queryKey: ["webhooks"] });
    },
  });
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={`Delete ${title}?`}
      action="Delete"
      danger
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
    >
      Its deliveries go with it, also those that are still on their way, and its secret signs
      nothing any more. That it existed stays in the log.
    </ConfirmDialog>
  );
}
