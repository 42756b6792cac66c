import { TextInput } from "@mantine/core";
import { useId, useState } from "react";
import type { ImportPreview } from "../../api/types";
import classes from "./Import.module.css";

const OURS = {
  id: "Id",
  email: "E-mail",
  name: "Name",
  organization_id: "Organization's id",
  organization_name: "Organization's name",
  roles: "Roles",
  protected: "Protected",
  tags: "Tags",
};

interface Props {
  preview: ImportPreview;
  mapped: Record<string, string>;
  onMap: (ours: string, theirs: string) => void;
}

/** From which of the file's columns each of ours is read; from none, and it stays as it is. */
export function ColumnMapping({ preview, mapped, onMap }: Props) {
  const list = useId();
  return (
    <>
      <p className={classes.hint}>
        Type a column of the file, <code>first name + last name</code> for two of them, or nothing
        to leave what is there.
        {preview.unread.length > 0 && ` Not read: ${preview.unread.join(", ")}.`}
      </p>
      <datalist id={list}>
        {preview.columns.map((column) => (
          <option key={column} value={column} />
        ))}
      </datalist>
      <div className={classes.mapping}>
        {Object.entries(OURS).map(([ours, label]) => (
          <Theirs
            key={`${ours} ${preview.read[ours] ?? ""}`}
            label={label}
            unsaid={ours === "id" ? "needed" : "stays as it is"}
            list={list}
            value={mapped[ours] ?? preview.read[ours] ?? ""}
            onSay={(theirs) => onMap(ours, theirs)}
          />
        ))}
      </div>
    </>
  );
}

interface TheirsProps {
  label: string;
  unsaid: string;
  list: string;
  value: string;
  onSay: (theirs: string) => void;
}

/** One column of theirs; it takes effect when one is done typing. */
function Theirs({ label, unsaid, list, value, onSay }: TheirsProps) {
  const [text, setText] = useState(value);
  const say = () => {
    if (text.trim() !== value) onSay(text.trim());
  };
  return (
    <TextInput
      label={label}
      placeholder={unsaid}
      list={list}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={say}
      onKeyDown={(event) => event.key === "Enter" && say()}
    />
  );
}
