import { Link } from "@tanstack/react-router";
import type { Party } from "../../api/types";
import { CopyIcon } from "../../ui/Copy";
import classes from "./Audit.module.css";
import { nameOf } from "./entry-words";
import { TakenOver } from "./TakenOver";

interface Props {
  party: Party;
  role: "actor" | "doer" | "subject" | "organization";
  applicationId: string | null;
}

const KINDS: Record<string, string> = {
  operator: "signed in here",
  named_by_application: "named by the application",
  application: "the application",
};

/** Somebody in an entry, with what vouches for the identity and a way to more about them. */
export function PartyFact({ party, role, applicationId }: Props) {
  const name = nameOf(party);
  if (name === null) return null;
  if (name.erased) {
    return (
      <span className={classes.erased}>
        name erased
        {party.ref !== null && (
          <>
            , known as <code>{party.ref}</code>
          </>
        )}
        {party.taken_over && <TakenOver />}
      </span>
    );
  }
  const below = [party.email, party.id, KINDS[party.kind]].filter(
    (one) => one && one !== name.text,
  );
  return (
    <span>
      <span className={classes.copyable}>
        {named(party, role, applicationId, name.text)}
        {party.id !== null && party.kind !== "system" && (
          <CopyIcon value={party.id} label={`Copy the id of ${name.text}`} />
        )}
      </span>
      <span className={classes.below}>{below.join(" · ")}</span>
      {party.taken_over && <TakenOver />}
    </span>
  );
}

function named(party: Party, role: Props["role"], application: string | null, text: string) {
  if (party.id === null || party.kind === "system") return text;
  const id = { application_id: application ?? undefined };
  if (role === "subject" && application !== null) {
    return (
      <Link to="/users/$subjectId" params={{ subjectId: party.id }} search={id}>
        {text}
      </Link>
    );
  }
  const search =
    role === "actor" || role === "doer"
      ? { actor_id: party.id }
      : { ...id, organization_id: party.id };
  return (
    <Link to="/audit" search={search}>
      {text}
    </Link>
  );
}
