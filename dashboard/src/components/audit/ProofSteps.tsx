import { IconCheck, IconX } from "@tabler/icons-react";
import type { Verdict } from "../../proof/verify";
import classes from "./Proof.module.css";

interface Props {
  verdict: Verdict;
  leaf: string;
  keys: string[];
}

/** The steps for those who do not simply believe, and what they do not prove. */
export function ProofSteps({ verdict, leaf, keys }: Props) {
  return (
    <details className={classes.details} open={!verdict.holds}>
      <summary>What was checked</summary>
      <ol className={classes.steps}>
        {verdict.steps.map(({ name, holds, fact }) => (
          <li key={name} data-holds={holds}>
            {holds ? (
              <IconCheck size={16} role="img" aria-label="holds:" />
            ) : (
              <IconX size={16} role="img" aria-label="fails:" />
            )}
            <span>
              {name}
              <code>{fact}</code>
            </span>
          </li>
        ))}
      </ol>
      <h3>What this proves</h3>
      <p>
        An entry of this type and time stands at this place of the log, and whoever holds the signed
        checkpoint can show it. Names and texts stand in the leaf as salted commitments;{" "}
        <code>understudy audit verify</code> opens them in an export.
      </p>
      <h3>Leaf</h3>
      <code className={classes.block}>{leaf}</code>
      <h3>{keys.length === 1 ? "Key" : "Keys"}</h3>
      {keys.map((key) => (
        <code key={key} className={classes.block}>
          {key}
        </code>
      ))}
      <p>
        The key came from this service. Compare it with the one that you were given another way.
      </p>
    </details>
  );
}
