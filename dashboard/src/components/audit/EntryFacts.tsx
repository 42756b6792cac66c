import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Entry } from "../../api/types";
import { Facts } from "../../ui/Facts";
import { Moment } from "../../ui/Moment";
import { Panel } from "../../ui/Panel";
import { refusalOf } from "../../wording/refusals";
import { Concerned } from "./Concerned";
import { actionLine, detailsLine } from "./entry-words";
import { PartyFact } from "./PartyFact";

const OUTCOMES = { ok: "It went well", denied: "Refused", failed: "Failed" } as const;

/** Everything that an entry says, both people included. */
export function EntryFacts({ entry }: { entry: Entry }) {
  const { application_id, action, rule, grant_id, session_id } = entry;
  return (
    <Panel title="Facts">
      <Facts
        facts={[
          ["Time", <Moment key="time" at={entry.time} />],
          ["Type", <code key="type">{entry.type}</code>],
          ["By", party(entry, "actor")],
          ["User", party(entry, "subject")],
          ["Organization", party(entry, "organization")],
          ["Reason", entry.reason],
          ["Ticket", entry.ticket],
          ["Outcome", entry.outcome === null ? null : OUTCOMES[entry.outcome]],
          ["Rule", rule === null ? null : `${rule}: ${refusalOf(rule).says}`],
          ["Request", action === null ? null : actionLine(action)],
          ["Route", action?.route === action?.path ? null : action?.route],
          ["Took", typeof action?.duration_ms === "number" ? `${action.duration_ms} ms` : null],
          ["Session", session_id && more("session_id", session_id)],
          ["Grant", grant_id && more("grant_id", grant_id)],
          ["Application", application_id && <code key="app">{application_id}</code>],
          ["Address", entry.address],
          ["Browser", entry.user_agent],
          [named(entry), named(entry) && <Concerned key="concerned" entry={entry} />],
          ["Details", detailsLine(unnamed(entry.details))],
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

function unnamed({ endpoint_id: _webhook, hold_id: _hold, ...rest }: Entry["details"]) {
  return rest;
}

function party(entry: Entry, role: "actor" | "subject" | "organization"): ReactNode {
  const one = entry[role];
  return one === null ? null : (
    <PartyFact party={one} role={role} applicationId={entry.application_id} />
  );
}

/** An id that leads to all entries that carry it. */
function more(name: "session_id" | "grant_id", id: string): ReactNode {
  return (
    <Link to="/audit" search={{ [name]: id }}>
      <code>{id}</code>
    </Link>
  );
}
