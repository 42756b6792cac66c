import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Application, Webhook } from "../../api/types";
import { createWebhook } from "../../api/webhooks";
import { WorkDialog } from "../../ui/WorkDialog";
import { SigningSecret } from "./SigningSecret";
import { WebhookForm, type WebhookSent } from "./WebhookForm";

interface Props {
  application: Application;
  opened: boolean;
  onClose: () => void;
}

/** Has one more server told of what happens in an application. */
export function CreateWebhook({ application, opened, onClose }: Props) {
  return (
    <WorkDialog opened={opened} onClose={onClose} title="Add a webhook" size="lg">
      <Steps application={application} onClose={onClose} />
    </WorkDialog>
  );
}

function Steps({ application, onClose }: Omit<Props, "opened">) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const showIt = ({ id }: Webhook) => {
    onClose();
    void navigate({
      to: "/settings/$applicationId/webhooks/$endpointId",
      params: { applicationId: application.id, endpointId: id },
    });
  };
  const create = useMutation({
    mutationFn: (draft: WebhookSent) => createWebhook({ application_id: application.id, ...draft }),
    onSuccess: async ({ webhook }) => {
      await queryClient.invalidateQueries({ queryKey: ["webhooks"] });
      // Nobody checks a signature of an e-mail.
      if (webhook.format === "email") showIt(webhook);
    },
    // The answer holds the secret; nothing keeps it once the dialog is closed.
    gcTime: 0,
  });
  if (create.data !== undefined && create.data.webhook.format !== "email") {
    const { webhook, secret } = create.data;
    return <SigningSecret secret={secret} onClose={() => showIt(webhook)} />;
  }
  return (
    <WebhookForm
      action="Add"
      busy={create.isPending}
      error={create.error}
      onSubmit={(draft) => create.mutate(draft)}
      onClose={onClose}
    />
  );
}
