import { pathOf } from "../../api/base";
import type { TicketHook } from "../../api/types";
import { CopyField } from "../../ui/Copy";
import { DESKS } from "./help-desks";
import classes from "./Settings.module.css";

/** What is to be entered at the help desk, ready to be copied. */
export function HelpDeskSteps({ hook }: { hook: TicketHook }) {
  const { name, steps, body } = DESKS[hook.shape];
  const address = new URL(pathOf(hook.path), window.location.href).href;
  return (
    <div className={classes.desk}>
      <h3 className={classes.subheading}>What to enter there</h3>
      <ol>
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <p className={classes.cardFacts}>Address that {name} posts JSON to:</p>
      <CopyField value={address} label="Copy the address" />
      {body !== undefined && (
        <>
          <p className={classes.cardFacts}>Body:</p>
          <CopyField value={body} label="Copy the body" />
        </>
      )}
    </div>
  );
}
