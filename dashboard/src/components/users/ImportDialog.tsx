import { useState } from "react";
import type { Application } from "../../api/types";
import { WorkDialog } from "../../ui/WorkDialog";
import { ChooseFile } from "./ChooseFile";
import { ImportFile } from "./ImportFile";

interface Props {
  application: Application;
  opened: boolean;
  onClose: () => void;
}

/** Users from a file: what would be read is shown first, and nothing is saved before that. */
export function ImportDialog({ application, opened, onClose }: Props) {
  return (
    <WorkDialog
      opened={opened}
      onClose={onClose}
      title={`Import users of ${application.name}`}
      size="xl"
    >
      <Import application={application} onClose={onClose} />
    </WorkDialog>
  );
}

function Import({ application, onClose }: Omit<Props, "opened">) {
  const [file, setFile] = useState<File | null>(null);
  if (file === null) return <ChooseFile onChoose={setFile} onClose={onClose} />;
  return (
    <ImportFile
      application={application}
      file={file}
      onAnother={() => setFile(null)}
      onClose={onClose}
    />
  );
}
