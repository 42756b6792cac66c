import type { Webhook } from "../../api/types";
import { Ago } from "../../ui/Moment";
import { Pill } from "../../ui/Pill";
import { stateOf } from "../../wording/deliveries";
import classes from "./Webhooks.module.css";

interface Props {
  webhook: Webhook;
  /** Only the word: what lies behind it is said elsewhere. */
  short?: boolean;
}

/** How an endpoint fares, and why if not well. */
export function EndpointState({ webhook, short = false }: Props) {
  const { label, tone } = stateOf(webhook);
  const { status, disabled_because, failing_since } = webhook;
  const pill = <Pill tone={tone}>{label}</Pill>;
  if (short) return pill;
  return (
    <span className={classes.state}>
      {pill}
      {status === "disabled" && disabled_because !== null && (
        <span className={classes.why}>{disabled_because}</span>
      )}
      {status === "active" && failing_since !== null && (
        <span className={classes.why}>
          first failed <Ago at={failing_since} />
        </span>
      )}
    </span>
  );
}
