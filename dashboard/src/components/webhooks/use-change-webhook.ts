import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { UpdateWebhook, Webhook } from "../../api/types";
import { updateWebhook } from "../../api/webhooks";
import { failure } from "../../ui/ErrorState";
import { notify, notifyProblem } from "../../ui/notify";

/** Changes an endpoint, and says so. */
export function useChangeWebhook(webhook: Webhook, done?: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (change: UpdateWebhook) => updateWebhook(webhook.id, change),
    onSuccess: async (_, { status }) => {
      done?.();
      notify(SAID[status ?? "changed"]);
      await Promise.all(
        ["webhooks", "deliveries"].map((key) => queryClient.invalidateQueries({ queryKey: [key] })),
      );
    },
    // Enabling has no dialog that could say it.
    onError: (error, { status }) => {
      if (status === "active") notifyProblem(failure(error));
    },
  });
}

const SAID = {
  changed: "Webhook changed.",
  active: "Webhook enabled.",
  disabled: "Webhook disabled.",
} as const;
