import { Button, Checkbox, Group, NativeSelect } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Agreed, importSubjects, previewQuery, type Reading } from "../../api/directory";
import type { Application, PresetName } from "../../api/types";
import { Problem } from "../../ui/Problem";
import { PRESETS } from "../../wording/presets";
import { ColumnMapping } from "./ColumnMapping";
import { ImportAgreement, isAgreed } from "./ImportAgreement";
import { ImportOutcome } from "./ImportOutcome";
import { ImportRows } from "./ImportRows";

interface Props {
  application: Application;
  file: File;
  onAnother: () => void;
  onClose: () => void;
}

const WRITERS = [
  { value: "", label: "columns of our own" },
  ...Object.entries(PRESETS).map(([value, label]) => ({ value, label })),
];

/** The second step of an import: what the file says, how it is read, and saving it. */
export function ImportFile({ application, file, onAnother, onClose }: Props) {
  const queryClient = useQueryClient();
  const [preset, setPreset] = useState<PresetName>();
  const [mapped, setMapped] = useState<Record<string, string>>({});
  const [whole, setWhole] = useState(false);
  const [agreed, setAgreed] = useState<Agreed>({});
  const map = Object.entries(mapped).map(([ours, theirs]) => `${ours}=${theirs}`);
  const reading: Reading = { map, ...(preset && { preset }), ...(whole && { mode: "sync" }) };
  const preview = useQuery(previewQuery(application.id, file, reading));
  const load = useMutation({
    mutationFn: () => importSubjects(application.id, file, reading, agreed),
    onSuccess: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ["subjects"] }),
        queryClient.invalidateQueries({ queryKey: ["organizations"] }),
      ]),
  });
  const { data } = preview;
  const ready = data !== undefined && data.row_count > 0 && isAgreed(data, agreed);
  if (load.data !== undefined) {
    return (
      <>
        <ImportOutcome report={load.data} />
        <Ends onAnother={onAnother} onClose={onClose} />
      </>
    );
  }
  return (
    <>
      <NativeSelect
        label={`${file.name} has`}
        data={WRITERS}
        value={preset ?? ""}
        onChange={(event) => {
          setPreset((event.currentTarget.value || undefined) as PresetName | undefined);
          setMapped({});
        }}
      />
      {data !== undefined && (
        <>
          <ColumnMapping
            key={preset}
            preview={data}
            mapped={mapped}
            onMap={(ours, theirs) => setMapped({ ...mapped, [ours]: theirs })}
          />
          <ImportRows preview={data} />
        </>
      )}
      <Checkbox
        mt="md"
        label="This file has everybody: remove whoever is not in it"
        checked={whole}
        onChange={(event) => {
          setWhole(event.currentTarget.checked);
          setAgreed({});
        }}
      />
      {data !== undefined && <ImportAgreement preview={data} agreed={agreed} onAgree={setAgreed} />}
      <Problem error={preview.error ?? load.error} />
      <Ends onAnother={onAnother} onClose={onClose}>
        <Button
          loading={load.isPending}
          disabled={!ready || preview.isFetching || preview.isError}
          onClick={() => load.mutate()}
        >
          {data === undefined ? "Import" : `Import ${count(data.row_count)}`}
        </Button>
      </Ends>
    </>
  );
}

function Ends(props: { onAnother: () => void; onClose: () => void; children?: React.ReactNode }) {
  return (
    <Group justify="flex-end" mt="lg">
      <Button variant="default" onClick={props.onClose}>
        Close
      </Button>
      <Button variant="default" onClick={props.onAnother}>
        Another file
      </Button>
      {props.children}
    </Group>
  );
}

function count(users: number): string {
  return `${users.toLocaleString()} ${users === 1 ? "user" : "users"}`;
}
