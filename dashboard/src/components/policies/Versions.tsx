import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { policyVersionsQuery } from "../../api/policies";
import type { Application, PolicySet } from "../../api/types";
import { Moment } from "../../ui/Moment";
import { Panel } from "../../ui/Panel";
import { Problem } from "../../ui/Problem";
import classes from "./Policies.module.css";

interface Props {
  application: Application;
  current: number | null;
  readOnly: boolean;
  onTake: (text: string) => void;
}

/** Every version that ever was, to be read, and to be taken up again as a new one. */
export function Versions({ application, current, readOnly, onTake }: Props) {
  const { data: versions = [], error } = useQuery(policyVersionsQuery(application.id));
  if (versions.length === 0) return <Problem error={error} />;
  return (
    <Panel title="Versions">
      <Problem error={error} />
      {versions.map((one) => (
        <details key={one.id} className={classes.version}>
          <summary>
            Version {one.version}, {one.set_by}, <Moment at={one.set_at} />{" "}
            <span className={classes.dim}>{stateOf(one, current)}</span>
          </summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys */}
          <pre className={classes.old} tabIndex={0}>
            {one.text}
          </pre>
          {!readOnly && (
            <Button variant="default" size="sm" onClick={() => onTake(one.text)}>
              Take this text up
            </Button>
          )}
        </details>
      ))}
    </Panel>
  );
}

function stateOf({ version, withdrawn_at, confirmed_at }: PolicySet, current: number | null) {
  if (version === current) return "in force";
  if (withdrawn_at !== null) return "withdrawn";
  return confirmed_at === null ? "waits" : "";
}
