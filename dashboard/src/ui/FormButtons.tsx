import { Button, Group, type MantineSpacing } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  /** What the form does, as its button says it. */
  children: ReactNode;
  busy: boolean;
  danger?: boolean;
  /** Room above, where the form leaves none. */
  mt?: MantineSpacing;
  onClose: () => void;
}

/** The end of a form in a dialog: leave it, or send it. */
export function FormButtons({ children, busy, danger = false, mt, onClose }: Props) {
  return (
    <Group justify="flex-end" {...(mt !== undefined && { mt })}>
      <Button variant="default" onClick={onClose}>
        Not now
      </Button>
      <Button type="submit" loading={busy} {...(danger && { color: "claret" })}>
        {children}
      </Button>
    </Group>
  );
}
