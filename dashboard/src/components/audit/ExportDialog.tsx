import { Button, Group, Modal, Radio } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type EntryFilter, type ExportFormat, exportPath, logQuery } from "../../api/audit";
import { serverNow } from "../../api/clock";
import { CopyField } from "../../ui/Copy";
import classes from "./Audit.module.css";
import { EXPORT_FORMATS } from "./export-formats";

interface Props {
  opened: boolean;
  onClose: () => void;
  filter: EntryFilter;
}

/** The entries of the current filter as a file, and how to go on with it. */
export function ExportDialog({ opened, onClose, filter }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Export the log" size="lg">
      <Choice filter={filter} />
    </Modal>
  );
}

function Choice({ filter }: { filter: EntryFilter }) {
  const [format, setFormat] = useState<ExportFormat>("ndjson");
  const narrowed = Object.values(filter).some((value) => value !== undefined);
  return (
    <>
      <p className={classes.exportLead}>
        {narrowed ? "The entries that the present filter shows" : "All entries"}, oldest first. The
        export is an entry itself.
      </p>
      <Radio.Group
        label="Format"
        labelProps={{ className: "spoken" }}
        value={format}
        onChange={(value) => setFormat(value as ExportFormat)}
      >
        <div className={classes.formats}>
          {EXPORT_FORMATS.map(({ value, name, means }) => (
            <Radio.Card key={value} value={value} className={classes.format}>
              <Radio.Indicator />
              <span>
                <span className={classes.formatName}>{name}</span>
                <span className={classes.below}>{means}</span>
              </span>
            </Radio.Card>
          ))}
        </div>
      </Radio.Group>
      <Group my="md">
        <Button
          component="a"
          href={exportPath(format, filter, serverNow())}
          download
          leftSection={<IconDownload size={16} aria-hidden="true" />}
        >
          Download
        </Button>
      </Group>
      {format === "ndjson" ? <OfflineCheck /> : <Follow format={format} />}
    </>
  );
}

/** The command for a computer that trusts neither this service nor this page. */
function OfflineCheck() {
  const { data: log } = useQuery(logQuery);
  const key = log?.verifier_keys[0];
  const command = `understudy audit verify audit.ndjson${key === undefined ? "" : ` --key ${key}`}`;
  return (
    <>
      <p className={classes.exportLead}>
        Check it on any computer, without this service. Whoever is to check should have had the key
        before, by another way.
      </p>
      <CopyField value={command} label="Copy the command" />
    </>
  );
}

/** How a log collector gets the same lines without anybody pressing a button. */
function Follow({ format }: { format: ExportFormat }) {
  if (format === "csv") return null;
  return (
    <>
      <p className={classes.exportLead}>
        To feed a SIEM, let it follow the log instead: the stream goes on where it stopped.
      </p>
      <CopyField value={`understudy audit follow --format ${format}`} label="Copy the command" />
    </>
  );
}
