import type { Change } from "../../api/types";
import { Countdown } from "../../ui/Countdown";
import { Facts } from "../../ui/Facts";
import { Panel } from "../../ui/Panel";
import { Person } from "../../ui/Person";
import classes from "./Changes.module.css";
import { Decide } from "./Decide";

/** One change that somebody asks for: who, for whom, why, and exactly what would be sent. */
export function WaitingChange({ change }: { change: Change }) {
  const { actor, subject, reason, method, host, path, query, fields, expires_at } = change;
  return (
    <Panel
      title={
        <span className={classes.what}>
          <code>{method}</code> <code>{path}</code>
        </span>
      }
      lead={reason}
      action={<Countdown until={expires_at} label="left to decide" />}
    >
      <Facts
        facts={[
          ["Asked by", <Person key="actor" {...actor} size={28} />],
          ["For", <Person key="subject" {...subject} size={28} />],
          ["Sent to", <code key="host">{host}</code>],
        ]}
      />
      <Values title="In the address" values={query} />
      <Values title="What is sent" values={fields} />
      {query.length + fields.length === 0 && <p className={classes.none}>Nothing is sent along.</p>}
      <Decide change={change} />
    </Panel>
  );
}

function Values({ title, values }: { title: string; values: Change["fields"] }) {
  if (values.length === 0) return null;
  return (
    <>
      <h3 className={classes.heading}>{title}</h3>
      <dl className={classes.values}>
        {values.map(({ name, value }, place) => (
          // Several may have one name, and their order means something.
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
          <div key={place} className={classes.pair}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
