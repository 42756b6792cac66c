import type { Application, Subject } from "../../api/types";
import { CopyIcon } from "../../ui/Copy";
import { Facts } from "../../ui/Facts";
import { Moment } from "../../ui/Moment";
import { Panel } from "../../ui/Panel";
import classes from "./User.module.css";

/** What the application told us about a user. */
export function SubjectFacts({
  subject,
  application,
}: {
  subject: Subject;
  application: Application;
}) {
  const id = (
    <span className={classes.id}>
      <code>{subject.id}</code>
      <CopyIcon value={subject.id} label="Copy id" />
    </span>
  );
  return (
    <Panel title="About">
      <Facts
        stacked
        facts={[
          ["Id", id],
          ["Application", application.name],
          ["Organization", subject.organization?.name],
          ["Roles", subject.roles.join(", ")],
          ["Rank", subject.rank === 0 ? null : subject.rank],
          ["Tags", subject.tags.join(", ")],
          ["Protected", subject.protected ? "Yes: nobody may impersonate" : "No"],
          ["Status", subject.status === "active" ? "Active" : subject.status],
          ["Known since", <Moment key="since" at={subject.created_at} />],
          ["Last change", <Moment key="changed" at={subject.updated_at} />],
        ]}
      />
    </Panel>
  );
}
