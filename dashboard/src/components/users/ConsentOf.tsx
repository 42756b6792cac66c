import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { consentStateQuery } from "../../api/consents";
import type { ConsentState, Subject } from "../../api/types";
import { usePolling } from "../../hooks/use-live";
import { useMay } from "../../hooks/use-me";
import { Facts } from "../../ui/Facts";
import { Ago, Moment } from "../../ui/Moment";
import { Panel } from "../../ui/Panel";
import { Problem } from "../../ui/Problem";
import { CONSENT_TYPES } from "../../wording/consent";
import { SCOPES } from "../../wording/sessions";
import classes from "./User.module.css";

/** What a user agreed to and is asked; nothing where users are asked nothing. */
export function ConsentOf({ subject }: { subject: Subject }) {
  const { application_id, id } = subject;
  const refetchInterval = usePolling();
  const { data, error } = useQuery({ ...consentStateQuery(application_id, id), refetchInterval });
  const mayAudit = useMay("audit.read");
  if (error) return <Problem error={error} />;
  if (data === undefined || data.mode === "off") return null;
  return (
    <Panel title="Consent">
      <Facts stacked facts={[...given(data), ...asked(data)]} />
      {mayAudit && (
        <p className={classes.more}>
          <Link to="/audit" search={{ application_id, subject_id: id, type: [...CONSENT_TYPES] }}>
            What they said before
          </Link>
        </p>
      )}
    </Panel>
  );
}

type Fact = [string, ReactNode];

function given({ mode, consents }: ConsentState): Fact[] {
  if (consents.length === 0) {
    return [["Agreed to", mode === "ask" ? "Nothing; they are asked each time" : "Nothing"]];
  }
  return consents.map(({ id, kind, scope, expires_at }) => [
    kind === "standing" ? "Agreed to whoever asks" : "Allowed one request",
    <span key={id}>
      {SCOPES[scope].name}, until <Moment at={expires_at} />
    </span>,
  ]);
}

function asked({ requests }: ConsentState): Fact[] {
  return requests.map(({ id, asked_by, created_at, reason }) => [
    `Asked by ${asked_by}`,
    <span key={id}>
      {reason}
      <br />
      <span className={classes.rest}>
        Waits for their answer since <Ago at={created_at} />
      </span>
    </span>,
  ]);
}
