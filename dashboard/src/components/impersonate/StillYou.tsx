import { Modal } from "@mantine/core";
import { useRouter } from "@tanstack/react-router";
import { ConfirmSignIn } from "./ConfirmSignIn";

interface Props {
  onConfirmed: () => void;
  onClose: () => void;
}

/** `ConfirmSignIn` over the page to which one comes back. */
export function StillYou({ onConfirmed, onClose }: Props) {
  const router = useRouter();
  return (
    <Modal opened onClose={onClose} title="Is it still you?" size="md" centered>
      <ConfirmSignIn
        next={router.state.location.href}
        onConfirmed={onConfirmed}
        onCancel={onClose}
      />
    </Modal>
  );
}
