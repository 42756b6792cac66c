import { Select } from "@mantine/core";
import type { Application } from "../../api/types";

interface Props {
  applications: Application[];
  value: string | undefined;
  onChange: (id: string | undefined) => void;
  /** The name of "no particular one", where a page can show all together. */
  all?: string;
}

/** Which application a page is about. With a single one there is nothing to choose. */
export function ApplicationSwitch({ applications, value, onChange, all }: Props) {
  if (applications.length < 2) return null;
  const named = applications.map(({ id, name, status }) => ({
    value: id,
    label: status === "active" ? name : `${name} (${status})`,
  }));
  const data = all === undefined ? named : [{ value: "", label: all }, ...named];
  return (
    <Select
      aria-label="Application"
      w={200}
      data={data}
      value={value ?? (all === undefined ? null : "")}
      onChange={(id) => onChange(id || undefined)}
    />
  );
}
