import { Button, Group, Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { Problem } from "./Problem";

interface Props {
  opened: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** The verb, as on the button that opened this. */
  action: string;
  danger?: boolean;
  busy?: boolean;
  error?: unknown;
  onConfirm: () => void;
}

/** Asks before something that cannot be taken back. The focus starts on the way out. */
export function ConfirmDialog(props: Props) {
  const { opened, onClose, title, children, action, danger, busy, error, onConfirm } = props;
  return (
    <Modal opened={opened} onClose={onClose} title={title} size="md" centered>
      {children}
      <Problem error={error} />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose} data-autofocus>
          {danger ? "Keep" : "Not now"}
        </Button>
        <Button
          {...(danger && { color: "claret" })}
          {...(busy !== undefined && { loading: busy })}
          onClick={onConfirm}
        >
          {action}
        </Button>
      </Group>
    </Modal>
  );
}
