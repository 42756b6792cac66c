import { Button, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { Panel } from "../../ui/Panel";
import { COMMON_RULES, withRule } from "./common-rules";
import classes from "./Policies.module.css";

const OPTIONS = COMMON_RULES.map(({ key, label }) => ({ value: key, label }));

/** Writes a common rule into the text, where it can be read and changed before it is saved. */
export function AddRule({ text, onAdd }: { text: string; onAdd: (text: string) => void }) {
  const [key, setKey] = useState<string>("role");
  const [typed, setTyped] = useState("");
  const rule = COMMON_RULES.find((one) => one.key === key);
  if (rule === undefined) return null;
  return (
    <Panel title="Add a common rule" lead="It is written below, and holds once you save.">
      <div className={classes.row}>
        <Select
          label="Rule"
          data={OPTIONS}
          value={key}
          allowDeselect={false}
          onChange={(value) => {
            setKey(value ?? key);
            setTyped("");
          }}
        />
        <TextInput
          label={rule.blank}
          placeholder={rule.hint}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button
          variant="default"
          disabled={!rule.fits(typed)}
          onClick={() => {
            onAdd(withRule(text, rule, typed));
            setTyped("");
          }}
        >
          Add
        </Button>
      </div>
    </Panel>
  );
}
