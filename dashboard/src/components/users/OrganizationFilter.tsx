import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { organizationsQuery } from "../../api/directory";

interface Props {
  applicationId: string;
  value: string | undefined;
  onChange: (id: string | undefined) => void;
}

const PAUSE = 180;

/** Narrows users down to one organization; the service searches, as there may be thousands. */
export function OrganizationFilter({ applicationId, value, onChange }: Props) {
  const [text, setText] = useState("");
  const [settled] = useDebouncedValue(text, PAUSE);
  const { data } = useQuery(organizationsQuery(applicationId, settled));
  const found = data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? [];
  const known = value === undefined || found.some((one) => one.value === value);
  return (
    <Select
      aria-label="Organization"
      placeholder="All organizations"
      w={220}
      data={known ? found : [...found, { value, label: value }]}
      value={value ?? null}
      onChange={(id) => {
        setText("");
        onChange(id ?? undefined);
      }}
      searchable
      clearable
      clearButtonProps={{ "aria-label": "All organizations" }}
      onSearchChange={(typed) => setText(found.some(({ label }) => label === typed) ? "" : typed)}
      filter={({ options }) => options}
      nothingFoundMessage="No such organization"
      limit={50}
    />
  );
}
