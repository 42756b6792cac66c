import { Button, NativeSelect, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { tryRedaction } from "../../api/applications";
import type { Application, TryRedaction as Sample } from "../../api/types";
import { Problem } from "../../ui/Problem";
import { redactionOf } from "./draft";
import { useSettingsForm } from "./form";
import classes from "./Trial.module.css";
import { TriedRedaction } from "./TriedRedaction";

const SAMPLES = [
  { value: "json", label: "JSON" },
  { value: "html", label: "HTML" },
  { value: "csv", label: "CSV" },
  { value: "text", label: "Text" },
];

/** A sample of the app’s answers, and what the rules on this page, saved or not, make of it. */
export function TryRedaction({ application }: { application: Application }) {
  const form = useSettingsForm();
  const [sample, setSample] = useState("");
  const [kind, setKind] = useState<NonNullable<Sample["kind"]>>("json");
  const look = useMutation({
    mutationFn: () =>
      tryRedaction(application.id, { sample, kind, redaction: redactionOf(form.values.redaction) }),
  });
  return (
    <div className={classes.trial}>
      <h3 className={classes.title}>Try it</h3>
      <p className={classes.lead}>
        By the rules above, saved or not. Nothing of the sample is stored or logged.
      </p>
      <NativeSelect
        label="Kind of answer"
        data={SAMPLES}
        value={kind}
        className={classes.kind ?? ""}
        onChange={({ currentTarget }) => setKind(currentTarget.value as typeof kind)}
      />
      <Textarea
        label="Sample"
        placeholder={'{"name": "Ada", "tax_id": "…"}'}
        rows={6}
        resize="vertical"
        maxLength={16_384}
        spellCheck={false}
        autoComplete="off"
        classNames={{ input: classes.mono ?? "" }}
        value={sample}
        onChange={({ currentTarget }) => {
          setSample(currentTarget.value);
          look.reset();
        }}
      />
      <div>
        <Button
          variant="default"
          disabled={sample.trim() === ""}
          loading={look.isPending}
          onClick={() => look.mutate()}
        >
          What would be seen?
        </Button>
      </div>
      <Problem error={look.error} />
      {look.data !== undefined && <TriedRedaction tried={look.data} />}
    </div>
  );
}
