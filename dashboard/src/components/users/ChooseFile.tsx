import { Button, Group } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useRef } from "react";
import { CodeBlock } from "../../ui/Copy";

interface Props {
  onChoose: (file: File) => void;
  onClose: () => void;
}

const EXAMPLE = `id,email,name,organization_id,organization_name,roles,protected,tags
ada,ada@example.com,Ada Lovelace,acme,Acme,member;finance,false,vip`;

/** The first step of an import. */
export function ChooseFile({ onChoose, onClose }: Props) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <p>
        A CSV, NDJSON or JSON file: with the columns below, as your identity platform exports it, or
        with columns of its own, which you say next. Only an id is needed. What a file has no column
        for stays as it is.
      </p>
      <CodeBlock code={EXAMPLE} label="example file" />
      <input
        ref={input}
        type="file"
        hidden
        accept=".csv,.tsv,.txt,.ndjson,.jsonl,.json,text/csv,application/x-ndjson,application/json"
        aria-label="File with users"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file !== undefined) onChoose(file);
        }}
      />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button
          leftSection={<IconUpload size={16} aria-hidden="true" />}
          onClick={() => input.current?.click()}
          data-autofocus
        >
          Choose a file
        </Button>
      </Group>
    </>
  );
}
