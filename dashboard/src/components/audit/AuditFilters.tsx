import { Button, MultiSelect, NativeSelect } from "@mantine/core";
import type { Application } from "../../api/types";
import { useMay } from "../../hooks/use-me";
import type { AuditSearch } from "../../router/search";
import { EVENT_GROUPS, eventWords, isEventType, typesOf } from "../../wording/events";
import { ApplicationSwitch } from "../users/ApplicationSwitch";
import classes from "./Audit.module.css";
import { OperatorFilter, SubjectFilter } from "./PeopleFilters";
import { TimeRange } from "./TimeRange";

interface Props {
  search: AuditSearch;
  applications: Application[];
  onChange: (change: AuditSearch) => void;
  onClear: () => void;
}

const KNOWN = EVENT_GROUPS.map((group) => ({
  group,
  items: typesOf(group).map((type) => ({ value: type, label: eventWords(type).label })),
}));

const OUTCOMES = [
  { value: "", label: "Any outcome" },
  { value: "ok", label: "It went well" },
  { value: "denied", label: "Refused" },
  { value: "failed", label: "Failed" },
];

/** What to see of the log. All of it stands in the URL, so that a view can be sent to a colleague. */
export function AuditFilters({ search, applications, onChange, onClear }: Props) {
  const filtered = Object.values(search).some((value) => value !== undefined);
  const mayReadTeam = useMay("operators.read");
  // Ids of users mean something within one application only.
  const [only, ...others] = applications;
  const about = search.application_id ?? (others.length === 0 ? only?.id : undefined);
  return (
    <search className={classes.filters}>
      <MultiSelect
        aria-label="What happened"
        placeholder={search.type === undefined ? "Everything" : ""}
        data={[...KNOWN, ...newer(search.type)]}
        value={search.type ?? []}
        onChange={(types) => onChange({ type: types.length > 0 ? types : undefined })}
        searchable
        clearable
        clearButtonProps={{ "aria-label": "Everything" }}
        maxDropdownHeight={360}
        hidePickedOptions
        w={{ base: "100%", sm: 300 }}
      />
      <NativeSelect
        aria-label="Outcome"
        data={OUTCOMES}
        value={search.outcome ?? ""}
        onChange={(event) => onChange({ outcome: outcomeOf(event.currentTarget.value) })}
      />
      <TimeRange since={search.since} until={search.until} onChange={onChange} />
      {mayReadTeam && (
        <OperatorFilter value={search.actor_id} onChange={(actor_id) => onChange({ actor_id })} />
      )}
      {about !== undefined && (
        <SubjectFilter
          applicationId={about}
          value={search.subject_id}
          onChange={(subject_id) => onChange({ subject_id, application_id: about })}
        />
      )}
      <ApplicationSwitch
        applications={applications}
        all="All applications"
        value={search.application_id}
        onChange={(id) =>
          onChange({ application_id: id, subject_id: undefined, organization_id: undefined })
        }
      />
      {filtered && (
        <Button variant="subtle" color="gray" onClick={onClear}>
          Clear
        </Button>
      )}
    </search>
  );
}

/** Types in the URL that only a newer service knows: they filter like all others. */
function newer(types: AuditSearch["type"]) {
  const items = (types ?? []).filter((type) => !isEventType(type));
  return items.length === 0
    ? []
    : [
        {
          group: "Others",
          items: items.map((type) => ({ value: type, label: eventWords(type).label })),
        },
      ];
}

function outcomeOf(value: string): AuditSearch["outcome"] {
  return value === "ok" || value === "denied" || value === "failed" ? value : undefined;
}
