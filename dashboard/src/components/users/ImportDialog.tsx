import { Button, Checkbox, Group } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { importSubjects } from "../../api/directory";
import type { Application } from "../../api/types";
import { CodeBlock } from "../../ui/Copy";
import { Problem } from "../../ui/Problem";
import { WorkDialog } from "../../ui/WorkDialog";
import { ImportOutcome } from "./ImportOutcome";

interface Props {
  application: Application;
  opened: boolean;
  onClose: () => void;
}

const EXAMPLE = `id,email,name,organization_id,organization_name,roles,protected
ada,ada@example.com,Ada Lovelace,acme,Acme,member;finance,false`;

/** Users from a file. Without a word to the contrary, either all of its rows are saved or none. */
export function ImportDialog({ application, opened, onClose }: Props) {
  return (
    <WorkDialog
      opened={opened}
      onClose={onClose}
      title={`Import users of ${application.name}`}
      size="lg"
    >
      <Import application={application} onClose={onClose} />
    </WorkDialog>
  );
}

function Import({ application, onClose }: Omit<Props, "opened">) {
  const queryClient = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [partial, setPartial] = useState(false);
  const load = useMutation({
    mutationFn: (file: File) => importSubjects(application.id, file, partial),
    onSuccess: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ["subjects"] }),
        queryClient.invalidateQueries({ queryKey: ["organizations"] }),
        queryClient.invalidateQueries({ queryKey: ["applications"] }),
      ]),
  });
  return (
    <>
      <p>
        A CSV or NDJSON file. Only <code>id</code> is needed; roles are separated by semicolons.
        Users who are there already are brought up to date, and nobody is removed.
      </p>
      <CodeBlock code={EXAMPLE} label="example file" />
      <Checkbox
        mt="md"
        label="Save the good rows although others are not"
        checked={partial}
        onChange={(event) => setPartial(event.currentTarget.checked)}
      />
      {load.data !== undefined && <ImportOutcome report={load.data} />}
      <Problem error={load.error} />
      <input
        ref={input}
        type="file"
        hidden
        accept=".csv,.ndjson,.jsonl,text/csv,application/x-ndjson"
        aria-label="File with users"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file !== undefined) load.mutate(file);
          // The same file can be chosen again once it is mended.
          event.currentTarget.value = "";
        }}
      />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button
          leftSection={<IconUpload size={16} aria-hidden="true" />}
          loading={load.isPending}
          onClick={() => input.current?.click()}
          data-autofocus
        >
          Choose a file
        </Button>
      </Group>
    </>
  );
}
