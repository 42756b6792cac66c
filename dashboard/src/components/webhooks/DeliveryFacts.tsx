import { Link } from "@tanstack/react-router";
import type { Delivery } from "../../api/types";
import { useMay } from "../../hooks/use-me";
import { CopyIcon } from "../../ui/Copy";
import { Facts } from "../../ui/Facts";
import { Ahead, Moment } from "../../ui/Moment";
import { Panel } from "../../ui/Panel";
import classes from "./Webhooks.module.css";

/** What a message is, and where it stands. */
export function DeliveryFacts({ delivery }: { delivery: Delivery }) {
  const { id, event_type, created_at, settled_at, next_attempt_at, attempts } = delivery;
  return (
    <Panel title="About">
      <Facts
        stacked
        facts={[
          [
            "Message",
            <span key="id" className={classes.copied}>
              <code>{id}</code> <CopyIcon value={id} label="Copy the message id" />
            </span>,
          ],
          ["Type", event_type && <code>{event_type}</code>],
          ["Entry", <Entry key="entry" index={delivery.entry_index} />],
          ["Attempts", String(attempts)],
          ["Next attempt", next_attempt_at && <Ahead at={next_attempt_at} />],
          ["Since", <Moment key="since" at={created_at} />],
          ["Settled", settled_at && <Moment at={settled_at} />],
        ]}
      />
    </Panel>
  );
}

function Entry({ index }: { index: number | null }) {
  const mayAudit = useMay("audit.read");
  if (index === null) return "None: it tells of nothing";
  if (!mayAudit) return `#${index}`;
  return (
    <Link to="/audit/$index" params={{ index: String(index) }}>
      #{index}
    </Link>
  );
}
