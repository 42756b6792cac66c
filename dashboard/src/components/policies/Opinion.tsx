import type { Simulated } from "../../api/types";
import { Notice } from "../../ui/Notice";

interface Props {
  opinion: NonNullable<Simulated["decision_point"]>;
  milliseconds?: number;
}

/** What a decision point said, in its own words where it has any. */
export function Opinion({ opinion, milliseconds }: Props) {
  const { permitted, reason, fault } = opinion;
  const took = milliseconds === undefined ? "" : ` It took ${milliseconds} ms.`;
  if (fault !== null)
    return (
      <Notice tone="bad" title="The decision point gave no answer, which is a no">
        {fault.replace(/\.?$/, ".")}
        {took}
      </Notice>
    );
  return (
    <Notice
      tone={permitted ? "good" : "calm"}
      title={`The decision point says ${permitted ? "yes" : "no"}`}
    >
      {reason === null ? "It gives no reason." : `Its reason: ${reason}.`}
      {took}
    </Notice>
  );
}
