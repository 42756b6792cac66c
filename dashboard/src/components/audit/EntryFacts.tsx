import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Entry } from "../../api/types";
import { CopyIcon } from "../../ui/Copy";
import { universal } from "../../ui/duration";
import { Facts } from "../../ui/Facts";
import { Marks, marksIn } from "../../ui/Marks";
import { Stamp } from "../../ui/Moment";
import { Panel } from "../../ui/Panel";
import { eventWords } from "../../wording/events";
import { refusalOf } from "../../wording/refusals";
import classes from "./Audit.module.css";
import { Concerned } from "./Concerned";
import { actionLine, detailsInWords } from "./entry-words";
import { PartyFact } from "./PartyFact";

const OUTCOMES = { ok: "It went well", denied: "Refused", failed: "Failed" } as const;

/** Everything that an entry says, each of its people included. */
export function EntryFacts({ entry }: { entry: Entry }) {
  const marks = marksIn(entry.details.marks);
  const { application_id, action, rule, grant_id, session_id } = entry;
  return (
    <Panel title="Facts">
      <Facts
        facts={[
          ["Time", <Stamp key="time" at={entry.time} />],
          ["In UTC", copyable("the time", universal(Date.parse(entry.time)))],
          ["Type", coded(eventWords(entry.type).label, entry.type)],
          ["By", party(entry, entry.doer === null ? "actor" : "doer")],
          [session_id === null ? "Request of" : "Session of", entry.doer && party(entry, "actor")],
          ["User", party(entry, "subject")],
          ["Organization", party(entry, "organization")],
          ["Reason", entry.reason],
          ["Ticket", entry.ticket],
          ["Marks", marks.length === 0 ? null : <Marks key="marks" marks={marks} />],
          ["Outcome", entry.outcome === null ? null : OUTCOMES[entry.outcome]],
          ["Rule", rule === null ? null : coded(refusalOf(rule).says, rule)],
          ["Request", action === null ? null : actionLine(action)],
          ["Route", action?.route === action?.path ? null : action?.route],
          ["Took", typeof action?.duration_ms === "number" ? `${action.duration_ms} ms` : null],
          ["Request id", action && copyable("the request id", action.id)],
          ["Session", session_id && more("session_id", session_id)],
          ["Grant", grant_id && more("grant_id", grant_id)],
          ["Application", application_id && copyable("the application id", application_id)],
          ["Address", entry.address],
          ["Browser", entry.user_agent],
          [named(entry), named(entry) && <Concerned key="concerned" entry={entry} />],
          ...detailFacts(entry),
        ]}
      />
    </Panel>
  );
}

/** What an entry's own thing is called, when it is about a webhook or a hold. */
function named({ details }: Entry): string {
  if (typeof details.endpoint_id === "string") return "Webhook";
  return typeof details.hold_id === "string" ? "Hold" : "";
}

/** What has no line of its own above; who did it has one. */
function detailFacts({ details, doer }: Entry): [name: string, value: string][] {
  const {
    endpoint_id: _webhook,
    hold_id: _hold,
    marks: _marks,
    by_kind,
    by_ref,
    ...rest
  } = details;
  const asked: Entry["details"] =
    doer === null && by_kind !== undefined ? { by_kind, by_ref: by_ref ?? null } : {};
  return detailsInWords({ ...rest, ...asked }).map(([name, value]) => [
    name.charAt(0).toUpperCase() + name.slice(1),
    value,
  ]);
}

/** Words, and below them the code that stands for them elsewhere. */
function coded(words: string, code: string): ReactNode {
  return (
    <span>
      {words}
      <span className={classes.below}>
        <code>{code}</code>
      </span>
    </span>
  );
}

function copyable(what: string, value: string): ReactNode {
  return (
    <span className={classes.copyable}>
      <code>{value}</code> <CopyIcon value={value} label={`Copy ${what}`} />
    </span>
  );
}

function party(entry: Entry, role: "actor" | "doer" | "subject" | "organization"): ReactNode {
  const one = entry[role];
  return one === null ? null : (
    <PartyFact party={one} role={role} applicationId={entry.application_id} />
  );
}

/** An id that leads to all entries that carry it. */
function more(name: "session_id" | "grant_id", id: string): ReactNode {
  return (
    <span className={classes.copyable}>
      <Link to="/audit" search={{ [name]: id }}>
        <code>{id}</code>
      </Link>{" "}
      <CopyIcon
        value={id}
        label={name === "grant_id" ? "Copy the grant id" : "Copy the session id"}
      />
    </span>
  );
}
