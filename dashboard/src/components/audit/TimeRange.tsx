import { NativeSelect, TextInput } from "@mantine/core";
import { serverNow } from "../../api/clock";
import {
  CHOICES,
  type Choice,
  choiceOf,
  dayOf,
  endOfDay,
  rangeOf,
  startOfDay,
} from "../../api/time-range";

interface Props {
  since: string | undefined;
  until: string | undefined;
  onChange: (change: { since: string | undefined; until: string | undefined }) => void;
}

/** From when to when: a usual stretch, or days of one's own. */
export function TimeRange({ since, until, onChange }: Props) {
  const choice = choiceOf({ since, until });
  return (
    <>
      <NativeSelect
        aria-label="When"
        data={[...CHOICES]}
        value={choice}
        onChange={(event) => onChange(rangeOf(event.currentTarget.value as Choice, serverNow()))}
      />
      {choice === "days" && (
        <>
          <TextInput
            type="date"
            aria-label="From the day"
            value={dayOf(since)}
            onChange={(event) => onChange({ since: startOfDay(event.currentTarget.value), until })}
          />
          <TextInput
            type="date"
            aria-label="To the day"
            value={dayOf(until, -1)}
            onChange={(event) => onChange({ since, until: endOfDay(event.currentTarget.value) })}
          />
        </>
      )}
    </>
  );
}
