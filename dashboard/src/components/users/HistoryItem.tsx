import { Link } from "@tanstack/react-router";
import type { Grant, Session } from "../../api/types";
import { useMe } from "../../hooks/use-me";
import { Countdown } from "../../ui/Countdown";
import { span } from "../../ui/duration";
import { Ago } from "../../ui/Moment";
import { Pill } from "../../ui/Pill";
import { nameOf } from "../../wording/people";
import { END_CAUSES, FORGOTTEN, GRANT_STATUSES, SCOPES } from "../../wording/sessions";
import { SessionActions } from "../sessions/SessionActions";
import { doneIn, type Visit } from "./history";
import classes from "./User.module.css";

export function HistoryItem({ item }: { item: Visit }) {
  const facts = item.session ?? item.grant;
  if (facts === undefined) return null;
  const { actor, reason, ticket, scope } = facts;
  return (
    <li className={classes.visit}>
      <div className={classes.first}>
        <strong>{nameOf(actor)}</strong>
        {item.session !== undefined && <SessionState session={item.session} />}
        {item.grant !== undefined && <GrantState grant={item.grant} />}
        <Ago at={item.at} />
      </div>
      {item.past?.forgotten || reason === FORGOTTEN ? (
        <p className={classes.forgotten}>Why, and what was done, is no longer kept.</p>
      ) : (
        <p className={classes.reason}>{reason}</p>
      )}
      <div className={classes.rest}>
        {[
          ticket,
          item.past?.actions ? doneIn(item.past.actions) : null,
          SCOPES[scope].name,
          actor.kind === "named_by_application" ? "named by the application" : null,
        ]
          .filter(Boolean)
          .join(" · ")}
      </div>
    </li>
  );
}

function SessionState({ session }: { session: Session }) {
  const { ended_at, started_at, end_cause, ends_at } = session;
  if (ended_at === null) {
    return (
      <span className={classes.live}>
        <Pill tone="live">
          <Countdown until={ends_at} />
        </Pill>
        <SessionActions session={session} />
      </span>
    );
  }
  const lasted = span(Date.parse(ended_at) - Date.parse(started_at));
  const cause = end_cause === null ? "" : `, ${END_CAUSES[end_cause]}`;
  return (
    <span className={classes.rest}>
      {lasted}
      {cause}
    </span>
  );
}

function GrantState({ grant }: { grant: Grant }) {
  const own = useMe().id === grant.actor.id;
  if (grant.status === "ready" && own) {
    return (
      <Link to="/launch/$grantId" params={{ grantId: grant.id }}>
        Ready to launch
      </Link>
    );
  }
  return <Pill tone="quiet">{GRANT_STATUSES[grant.status]}</Pill>;
}
