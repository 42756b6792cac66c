import { Button, Group, Modal } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { type EntryFilter, exportPath } from "../../api/audit";
import { serverNow } from "../../api/clock";
import { CopyField } from "../../ui/Copy";

interface Props {
  opened: boolean;
  onClose: () => void;
  filter: EntryFilter;
}

/** The entries of the current filter as a file, and how to check it without trusting us. */
export function ExportDialog({ opened, onClose, filter }: Props) {
  const narrowed = Object.values(filter).some((value) => value !== undefined);
  return (
    <Modal opened={opened} onClose={onClose} title="Export the log" size="lg">
      <p>
        {narrowed ? "The entries that the present filter shows" : "All entries"}, oldest first. The
        export is an entry itself.
      </p>
      <Group my="md">
        {(["ndjson", "csv"] as const).map((format) => (
          <Button
            key={format}
            variant={format === "ndjson" ? "filled" : "default"}
            component="a"
            href={exportPath(format, filter, serverNow())}
            download
            leftSection={<IconDownload size={16} aria-hidden="true" />}
          >
            {format === "ndjson" ? "NDJSON, with proofs" : "CSV, for spreadsheets"}
          </Button>
        ))}
      </Group>
      <p>Check an NDJSON export on any computer, without this service:</p>
      <CopyField value="understudy audit verify understudy-audit.ndjson" label="Copy the command" />
    </Modal>
  );
}
