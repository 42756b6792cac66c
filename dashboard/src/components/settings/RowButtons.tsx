import { ActionIcon, Button } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";

/** Takes one row of an editor away; `label` says what that means for it. */
export function RemoveRow({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <ActionIcon size="lg" aria-label={label} onClick={onClick}>
      <IconTrash size={17} />
    </ActionIcon>
  );
}

/** Puts an empty row below the others. */
export function AddRow({ children, onClick }: { children: ReactNode; onClick: () => void }) {
  return (
    <Button
      variant="light"
      size="sm"
      leftSection={<IconPlus size={16} aria-hidden="true" />}
      onClick={onClick}
    >
      {children}
    </Button>
  );
}
