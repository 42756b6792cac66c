import type { Webhook } from "../../api/types";
import { CopyIcon } from "../../ui/Copy";
import { Facts } from "../../ui/Facts";
import { Moment } from "../../ui/Moment";
import { Panel } from "../../ui/Panel";
import { FORMATS } from "../../wording/deliveries";
import { eventWords } from "../../wording/events";
import { inOrder } from "./event-types";
import classes from "./Webhooks.module.css";

/** How an endpoint is set up. */
export function EndpointFacts({ webhook }: { webhook: Webhook }) {
  const { url, format, types, personal, previous_secret_expires_at, created_at } = webhook;
  return (
    <Panel title="About">
      <Facts
        stacked
        facts={[
          ["URL", <Copied key="url" value={url} what="the URL" />],
          ["Format", FORMATS[format].name],
          ["Tells", personal ? "Ids, names, addresses and reasons" : "Ids only"],
          ["Hears of", <Types key="types" types={types} />],
          [
            "Signed by",
            format === "email" ? (
              "Nobody: mail servers vouch for each other"
            ) : previous_secret_expires_at === null ? (
              "One secret"
            ) : (
              <>
                Two secrets, until <Moment at={previous_secret_expires_at} />
              </>
            ),
          ],
          ["Added", <Moment key="added" at={created_at} />],
          ["Id", <Copied key="id" value={webhook.id} what="the id" />],
        ]}
      />
    </Panel>
  );
}

function Types({ types }: { types: Webhook["types"] }) {
  return (
    <ul className={classes.types}>
      {inOrder(types).map((type) => (
        <li key={type}>{eventWords(type).label}</li>
      ))}
    </ul>
  );
}

function Copied({ value, what }: { value: string; what: string }) {
  return (
    <span className={classes.copied}>
      <code>{value}</code> <CopyIcon value={value} label={`Copy ${what}`} />
    </span>
  );
}
