import { Button, Group } from "@mantine/core";
import { useState } from "react";
import type { ApprovalRequest } from "../../api/types";
import { isOwn, useMe } from "../../hooks/use-me";
import { Countdown } from "../../ui/Countdown";
import { Facts } from "../../ui/Facts";
import { Panel } from "../../ui/Panel";
import { Pill } from "../../ui/Pill";
import { nameOf } from "../../wording/people";
import { SCOPES } from "../../wording/sessions";
import classes from "./Approvals.module.css";
import { DecideDialog } from "./DecideDialog";
import { Said } from "./Said";

/** One request: who would become whom, why, how far; and the two answers. */
export function RequestCard({ request }: { request: ApprovalRequest }) {
  const { grant, application, approvals, decidable } = request;
  const me = useMe();
  const [answer, setAnswer] = useState<"approve" | "deny" | null>(null);
  const agreed = approvals.filter((one) => one.agreed && one.withdrawn_at === null);
  const own = isOwn(grant, me);
  const takeBack = agreed.some((one) => one.operator_id === me.id);
  return (
    <li>
      <Panel>
        <div className={classes.head}>
          <p className={classes.who}>
            {own ? "You" : nameOf(grant.actor)} as {nameOf(grant.subject)}
          </p>
          <Pill tone="calm">
            {request.agreed} of {grant.quorum ?? 0} agree
          </Pill>
        </div>
        <p className={classes.why}>{grant.reason}</p>
        <Facts
          facts={[
            ["Application", application],
            ["User", grant.subject.email ?? grant.subject.id],
            ["Ticket", grant.ticket],
            ["Scope", SCOPES[grant.scope].name],
            ["Minutes", grant.minutes],
            ["Lapses", <Countdown key="lapses" until={grant.expires_at} />],
          ]}
        />
        <Said approvals={approvals} />
        {(decidable || takeBack || own) && (
          <Group mt="md" gap="sm">
            {decidable && <Button onClick={() => setAnswer("approve")}>Approve…</Button>}
            {(decidable || takeBack) && (
              <Button color="claret" variant="light" onClick={() => setAnswer("deny")}>
                {takeBack ? "Take back…" : "Say no…"}
              </Button>
            )}
            {own && <span>A colleague has to agree to your own request.</span>}
          </Group>
        )}
      </Panel>
      <DecideDialog grant={grant} answer={answer} onClose={() => setAnswer(null)} />
    </li>
  );
}
