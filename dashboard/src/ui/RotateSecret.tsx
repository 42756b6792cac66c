import { Button, Group, NativeSelect } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Problem } from "./Problem";
import { WorkDialog } from "./WorkDialog";

const OVERLAPS = [
  { value: "0", label: "not at all: it ends at once" },
  { value: "60", label: "for one hour" },
  { value: "1440", label: "for a day" },
  { value: "10080", label: "for a week" },
];

interface Question {
  /** What the present secret does meanwhile, and why one wants that. */
  label: string;
  description: string;
  /** Makes the new secret; the present one is good for so many minutes more. */
  rotate: (overlapMinutes: number) => Promise<{ secret: string }>;
  /** What is asked for anew once there is one. */
  queryKey: readonly string[];
  shown: (secret: string) => ReactNode;
  onClose: () => void;
}

interface Props extends Question {
  title: string;
  opened: boolean;
}

/** A dialog that makes a new secret, while the old one goes on working for a while. */
export function RotateSecret({ title, opened, ...question }: Props) {
  return (
    <WorkDialog opened={opened} onClose={question.onClose} title={title} size="lg">
      <Rotate {...question} />
    </WorkDialog>
  );
}

function Rotate({ label, description, rotate, queryKey, shown, onClose }: Question) {
  const queryClient = useQueryClient();
  const [overlap, setOverlap] = useState("1440");
  const made = useMutation({
    mutationFn: () => rotate(Number(overlap)),
    onSuccess: () => queryClient.invalidateQueries({ queryKey }),
    // The answer holds the secret; nothing keeps it once the dialog is closed.
    gcTime: 0,
  });
  if (made.data !== undefined) return shown(made.data.secret);
  return (
    <>
      <NativeSelect
        label={label}
        description={description}
        data={OVERLAPS}
        value={overlap}
        onChange={(event) => setOverlap(event.currentTarget.value)}
      />
      <Problem error={made.error} />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          Not now
        </Button>
        <Button loading={made.isPending} onClick={() => made.mutate()}>
          Make a new secret
        </Button>
      </Group>
    </>
  );
}
