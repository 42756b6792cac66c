import { notifications } from "@mantine/notifications";

/** Says in a corner, and to screen readers, that something is done. */
export function notify(message: string): void {
  notifications.show({ message, color: "leaf", autoClose: 4_000, withBorder: true });
}

/** Says in the same corner that something did not work, until it is closed. */
export function notifyProblem(message: string): void {
  notifications.show({
    message,
    color: "claret",
    autoClose: false,
    withBorder: true,
    role: "alert",
    closeButtonProps: { "aria-label": "Close" },
  });
}
