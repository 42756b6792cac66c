import { Button, Group } from "@mantine/core";
import { CopyField } from "../../ui/Copy";
import { Notice } from "../../ui/Notice";
import { useShownOnce } from "../../ui/WorkDialog";

interface Props {
  what: string;
  value: string;
  onClose: () => void;
}

/** Something that cannot be looked up again. */
export function ShownOnce({ what, value, onClose }: Props) {
  useShownOnce();
  return (
    <>
      <Notice tone="live" title={`This ${what} is shown once`}>
        Copy it now. Whoever loses it makes a new one.
      </Notice>
      <CopyField value={value} label={`Copy the ${what}`} />
      <Group justify="flex-end" mt="lg">
        <Button onClick={onClose}>I have it</Button>
      </Group>
    </>
  );
}
