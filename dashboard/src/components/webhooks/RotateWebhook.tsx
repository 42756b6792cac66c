import { Button, Group, Modal, NativeSelect } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Webhook } from "../../api/types";
import { rotateWebhookSecret } from "../../api/webhooks";
import { Problem } from "../../ui/Problem";
import { SigningSecret } from "./SigningSecret";

const OVERLAPS = [
  { value: "0", label: "not at all: it ends at once" },
  { value: "60", label: "for one hour" },
  { value: "1440", label: "for a day" },
  { value: "10080", label: "for a week" },
];

interface Props {
  webhook: Webhook;
  opened: boolean;
  onClose: () => void;
}

/** A new secret, while messages are signed with the old one as well. */
export function RotateWebhook({ webhook, opened, onClose }: Props) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Rotate the signing secret"
      size="lg"
      closeOnClickOutside={false}
    >
      <Rotate webhook={webhook} onClose={onClose} />
    </Modal>
  );
}

function Rotate({ webhook, onClose }: Omit<Props, "opened">) {
  const queryClient = useQueryClient();
  const [overlap, setOverlap] = useState("1440");
  const rotate = useMutation({
    mutationFn: () => rotateWebhookSecret(webhook.id, Number(overlap)),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["webhooks"] }),
    // The answer holds the secret; nothing keeps it once the dialog is closed.
    gcTime: 0,
  });
  if (rotate.data !== undefined) {
    return <SigningSecret secret={rotate.data.secret} onClose={onClose} />;
  }
  return (
    <>
      <NativeSelect
        label="The present secret signs along"
        description="Each message then carries both signatures, so that the receiver can change over without losing one."
        data={OVERLAPS}
        value={overlap}
        onChange={(event) => setOverlap(event.currentTarget.value)}
      />
      <Problem error={rotate.error} />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          Not now
        </Button>
        <Button loading={rotate.isPending} onClick={() => rotate.mutate()}>
          Make a new secret
        </Button>
      </Group>
    </>
  );
}
