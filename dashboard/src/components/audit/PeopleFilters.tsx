import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { subjectsQuery } from "../../api/directory";
import { operatorsQuery } from "../../api/operators";
import { nameOf } from "../../wording/people";

const PAUSE = 180;

interface Choice {
  value: string;
  label: string;
}

interface Props {
  value: string | undefined;
  onChange: (id: string | undefined) => void;
}

/** Entries by one operator. */
export function OperatorFilter({ value, onChange }: Props) {
  const { data: operators = [] } = useQuery(operatorsQuery);
  return (
    <Select
      aria-label="By whom"
      placeholder="By anybody"
      w={180}
      searchable
      clearable
      clearButtonProps={{ "aria-label": "By anybody" }}
      nothingFoundMessage="No such colleague"
      data={withChosen(
        operators.map(({ id, name }) => ({ value: id, label: name })),
        value,
      )}
      value={value ?? null}
      onChange={(id) => onChange(id ?? undefined)}
    />
  );
}

/** Entries about one user of an application; the service searches, as there may be thousands. */
export function SubjectFilter({
  applicationId,
  value,
  onChange,
}: Props & { applicationId: string }) {
  const [text, setText] = useState("");
  const [query] = useDebouncedValue(text, PAUSE);
  const { data } = useInfiniteQuery(
    subjectsQuery({ application_id: applicationId, ...(query && { query }) }),
  );
  const found = data?.pages[0]?.items ?? [];
  const choices = found.map((one) => ({ value: one.id, label: nameOf(one) }));
  return (
    <Select
      aria-label="About which user"
      placeholder="About any user"
      w={190}
      searchable
      clearable
      clearButtonProps={{ "aria-label": "About any user" }}
      nothingFoundMessage="Nobody fits"
      data={withChosen(choices, value)}
      value={value ?? null}
      onChange={(id) => {
        setText("");
        onChange(id ?? undefined);
      }}
      onSearchChange={(typed) => setText(choices.some(({ label }) => label === typed) ? "" : typed)}
      filter={({ options }) => options}
    />
  );
}

/** What is chosen stays shown, by its id, although the list does not hold it. */
function withChosen(choices: Choice[], chosen: string | undefined): Choice[] {
  if (chosen === undefined || choices.some(({ value }) => value === chosen)) return choices;
  return [...choices, { value: chosen, label: chosen }];
}
