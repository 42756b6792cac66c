import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { applicationsQuery } from "../../api/applications";
import type { Case } from "../../api/types";
import { useMay } from "../../hooks/use-me";
import { Facts } from "../../ui/Facts";
import { Ago } from "../../ui/Moment";
import { Panel } from "../../ui/Panel";
import { Pill, type Tone } from "../../ui/Pill";
import { nameOf } from "../../wording/people";
import { CloseCase } from "./CloseCase";

const TOLD: Record<Case["kind"], (who: string) => string> = {
  not_agreed: (who) => `${who} worked in an account whose user had not agreed`,
  codes_guessed: (who) => `${who} said so many wrong codes that they were guessed`,
};

/** What one user did not agree to, what became of it, and the way to close it. */
export function CaseCard({ found }: { found: Case }) {
  const mayClose = useMay("cases.write");
  const mayAudit = useMay("audit.read");
  const { data: applications = [] } = useQuery(applicationsQuery);
  const { application_id, session_id } = found;
  const application = applications.find(({ id }) => id === application_id);
  const user = (
    <Link
      to="/users/$subjectId"
      params={{ subjectId: found.subject_id }}
      search={{ application_id }}
    >
      {found.subject_name ?? found.subject_id}
    </Link>
  );
  const session = session_id !== null && mayAudit && (
    <Link to="/audit" search={{ application_id, session_id }}>
      What was done in it
    </Link>
  );
  return (
    <li>
      <Panel
        title={TOLD[found.kind](nameOf(found.actor))}
        lead={found.note === "" ? undefined : found.note}
        action={<State found={found} />}
      >
        <Facts
          facts={[
            ["Application", application?.name ?? application_id],
            ["User", user],
            ["Opened", <Ago key="opened" at={found.opened_at} />],
            ["Session", session || null],
            ["Closed", found.closed_at && <Ago key="closed" at={found.closed_at} />],
            ["Closed by", found.closed_by],
            ["What was found", found.closing_note],
          ]}
        />
        {mayClose && found.frozen && <CloseCase found={found} />}
      </Panel>
    </li>
  );
}

function State({ found }: { found: Case }) {
  const [tone, label] = stateOf(found);
  return <Pill tone={tone}>{label}</Pill>;
}

function stateOf({ closed_at, frozen }: Case): [Tone, string] {
  if (closed_at === null) return ["bad", "Open, works as nobody"];
  return frozen ? ["calm", "Closed, works as nobody"] : ["good", "Closed, works again"];
}
