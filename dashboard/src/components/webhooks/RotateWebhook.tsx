import type { Webhook } from "../../api/types";
import { rotateWebhookSecret } from "../../api/webhooks";
import { RotateSecret } from "../../ui/RotateSecret";
import { SigningSecret } from "./SigningSecret";

interface Props {
  webhook: Webhook;
  opened: boolean;
  onClose: () => void;
}

/** A new secret, while messages are signed with the old one as well. */
export function RotateWebhook({ webhook, opened, onClose }: Props) {
  return (
    <RotateSecret
      title="Rotate the signing secret"
      label="The present secret signs along"
      description="Each message then carries both signatures, so that the receiver can change over without losing one."
      rotate={(overlapMinutes) => rotateWebhookSecret(webhook.id, overlapMinutes)}
      queryKey={["webhooks"]}
      shown={(secret) => <SigningSecret secret={secret} onClose={onClose} />}
      opened={opened}
      onClose={onClose}
    />
  );
}
