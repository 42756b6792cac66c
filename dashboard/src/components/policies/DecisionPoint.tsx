import { Button, NumberInput, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { removeDecisionPoint, setDecisionPoint, tryDecisionPoint } from "../../api/safeguards";
import type { Application, DecisionPoint as Point, Safeguards } from "../../api/types";
import { notify } from "../../ui/notify";
import { Panel } from "../../ui/Panel";
import { Problem } from "../../ui/Problem";
import { Opinion } from "./Opinion";
import classes from "./Policies.module.css";

interface Props {
  application: Application;
  point: Point | null;
  readOnly: boolean;
}

/** Whoever is asked last, over AuthZEN; tried before it is saved. */
export function DecisionPoint({ application, point, readOnly }: Props) {
  const queryClient = useQueryClient();
  const [url, setUrl] = useState(point?.url ?? "");
  const [wait, setWait] = useState<number | string>(point?.timeout_ms ?? 1000);
  const [credential, setCredential] = useState("");
  const said = () => ({
    url: url.trim(),
    timeout_ms: Number(wait),
    ...(credential !== "" && { credential }),
  });
  const attempt = useMutation({ mutationFn: () => tryDecisionPoint(application.id, said()) });
  const saved = async (now: Safeguards) => {
    setCredential("");
    notify(now.waiting === null ? "Saved." : "Proposed, to be confirmed.");
    await queryClient.invalidateQueries({ queryKey: ["safeguards", application.id] });
  };
  const save = useMutation({
    mutationFn: () => setDecisionPoint(application.id, said()),
    onSuccess: saved,
  });
  const remove = useMutation({
    mutationFn: () => removeDecisionPoint(application.id),
    onSuccess: saved,
  });
  return (
    <Panel
      title="Decision point"
      lead="Asked last, behind all rules and policies, over AuthZEN. Whatever is no plain yes is a no, slowness included."
    >
      <div className={classes.fields}>
        <TextInput
          label="URL"
          placeholder="https://pdp.example/access/v1/evaluation"
          spellCheck={false}
          readOnly={readOnly}
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        <NumberInput
          label="Wait for an answer"
          suffix=" ms"
          min={50}
          max={5000}
          readOnly={readOnly}
          value={wait}
          onChange={setWait}
        />
        {!readOnly && (
          <PasswordInput
            size="sm"
            label="Credential"
            placeholder={point?.has_credential ? "Set; not shown again" : "Bearer token, if any"}
            autoComplete="off"
            value={credential}
            onChange={(event) => setCredential(event.currentTarget.value)}
          />
        )}
      </div>
      {!readOnly && (
        <div className={classes.buttons}>
          <Button
            disabled={url.trim() === ""}
            loading={save.isPending}
            onClick={() => save.mutate()}
          >
            Save
          </Button>
          <Button
            variant="default"
            disabled={url.trim() === ""}
            loading={attempt.isPending}
            onClick={() => attempt.mutate()}
          >
            Test
          </Button>
          {point !== null && (
            <Button variant="default" loading={remove.isPending} onClick={() => remove.mutate()}>
              Remove
            </Button>
          )}
        </div>
      )}
      <div className={classes.result} role="status">
        <Problem error={save.error ?? remove.error ?? attempt.error} />
        {attempt.data !== undefined && (
          <Opinion opinion={attempt.data} milliseconds={attempt.data.milliseconds} />
        )}
      </div>
    </Panel>
  );
}
