import { Button, Checkbox, Group } from "@mantine/core";
import type { MessageFormat } from "../../api/types";
import { eventWords } from "../../wording/events";
import { groupsFor, USUAL } from "./event-types";
import classes from "./Webhooks.module.css";

interface Props {
  format: MessageFormat;
  value: string[];
  problem: string | undefined;
  onChange: (types: string[]) => void;
}

/** Of which kinds of events an endpoint hears. */
export function TypesField({ format, value, problem, onChange }: Props) {
  const groups = groupsFor(format);
  if (format === "stytch") {
    return (
      <div>
        <div className={classes.choicesTitle}>Hears of</div>
        <div className={classes.quiet}>
          {eventWords("session.started").label}, and nothing else.
        </div>
      </div>
    );
  }
  if (format === "email") {
    return (
      <div>
        <div className={classes.choicesTitle}>Tells of</div>
        <div className={classes.quiet}>Requests that wait, broken glass, and alarms.</div>
      </div>
    );
  }
  return (
    <div>
      <div className={classes.choices}>
        <span className={classes.choicesTitle} aria-hidden="true">
          Hears of <span className={classes.quiet}>{value.length} kinds</span>
        </span>
        <Group gap="xs">
          <Button size="compact-xs" variant="light" onClick={() => onChange([...USUAL])}>
            The usual
          </Button>
          <Button
            size="compact-xs"
            variant="light"
            onClick={() => onChange(groups.flatMap(({ types }) => types))}
          >
            Everything
          </Button>
        </Group>
      </div>
      <Checkbox.Group
        label="Hears of"
        labelProps={{ className: "spoken" }}
        value={value}
        onChange={onChange}
      >
        <div className={classes.groups}>
          {groups.map(({ group, types }) => (
            <fieldset key={group} className={classes.group}>
              <legend>{group}</legend>
              {types.map((type) => (
                <Checkbox key={type} size="xs" value={type} label={eventWords(type).label} />
              ))}
            </fieldset>
          ))}
        </div>
      </Checkbox.Group>
      {problem !== undefined && (
        <p className={classes.error} role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
