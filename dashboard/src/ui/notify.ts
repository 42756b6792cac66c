import { notifications } from "@mantine/notifications";

/** Says in a corner, and to screen readers, that something is done. */
export function notify(message: string): void {
  notifications.show({ message, color: "leaf", autoClose: 4_000, withBorder: true });
}
