import type { AuditSearch } from "../../router/search";
import { AboutFilter } from "../sessions/AboutFilter";

const CHIPS = [
  ["organization_id", "Organization"],
  ["session_id", "Session"],
  ["grant_id", "Request"],
] as const;

interface Props {
  search: AuditSearch;
  onChange: (change: AuditSearch) => void;
}

/** The filters that came with a link, each with the way to drop it. */
export function FilterChips({ search, onChange }: Props) {
  return CHIPS.map(([name, label]) => (
    <AboutFilter
      key={name}
      label={label}
      value={search[name]}
      onClear={() => onChange({ [name]: undefined })}
    />
  ));
}
