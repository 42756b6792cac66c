import { Button, Group, Modal } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type EntryFilter, exportPath, logQuery } from "../../api/audit";
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
      <OfflineCheck />
    </Modal>
  );
}

/** The command for a computer that trusts neither this service nor this page. */
function OfflineCheck() {
  const { data: log } = useQuery(logQuery);
  const key = log?.verifier_keys[0];
  const command = `understudy audit verify audit.ndjson${key === undefined ? "" : ` --key ${key}`}`;
  return (
    <>
      <p>
        Check an NDJSON export on any computer, without this service. Whoever is to check should
        have had the key before, by another way.
      </p>
      <CopyField value={command} label="Copy the command" />
    </>
  );
}
