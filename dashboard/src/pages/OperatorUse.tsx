import { useQuery } from "@tanstack/react-query";
import { createLazyRoute, Link } from "@tanstack/react-router";
import { operatorUseQuery } from "../api/operators";
import type { DayOfUse } from "../api/types";
import classes from "../components/team/Team.module.css";
import { useMay } from "../hooks/use-me";
import { type Column, DataTable } from "../ui/DataTable";
import { EmptyState } from "../ui/EmptyState";
import { ErrorState } from "../ui/ErrorState";
import { Face } from "../ui/Face";
import { PageHeader } from "../ui/PageHeader";
import { Pill, type Tone } from "../ui/Pill";

export const Route = createLazyRoute("/signed-in/team/$operatorId")({ component: OperatorUse });

const DAYS = 30;
// A day of the service is one in UTC, wherever it is looked at.
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeZone: "UTC" });

const COLUMNS: Column<DayOfUse>[] = [
  {
    key: "day",
    header: "Day",
    kind: "lead",
    cell: ({ day }) => <time dateTime={day}>{DAY.format(new Date(`${day}T00:00:00Z`))}</time>,
  },
  { key: "users", header: "Users", align: "end", cell: ({ users }) => users.toLocaleString() },
  { key: "grants", header: "Permitted", align: "end", cell: ({ grants }) => grants },
  {
    key: "unapproved",
    header: "Not agreed to",
    align: "end",
    cell: (day) => marked(day.unapproved, "calm"),
  },
  { key: "off", header: "Off hours", align: "end", cell: (day) => marked(day.off_hours) },
  { key: "ticketless", header: "No ticket", align: "end", cell: (day) => marked(day.ticketless) },
  { key: "refused", header: "Refused", align: "end", cell: (day) => marked(day.refused, "calm") },
  { key: "alarms", header: "Honey users", align: "end", cell: (day) => marked(day.alarms) },
];

function marked(number: number, tone: Tone = "bad") {
  return number === 0 ? <span className={classes.none}>0</span> : <Pill tone={tone}>{number}</Pill>;
}

/** How much an operator makes of what they may do, for those who watch. */
function OperatorUse() {
  const { operatorId } = Route.useParams();
  const mayAudit = useMay("audit.read");
  const { data: use, error, refetch } = useQuery(operatorUseQuery(operatorId, DAYS));
  if (error) return <ErrorState page error={error} onRetry={() => void refetch()} />;
  const name = use?.operator.name ?? "";
  return (
    <>
      <PageHeader
        title={name}
        heading={
          use && (
            <span className={classes.heading}>
              <Face id={use.operator.id} name={name} size={44} /> {name}
            </span>
          )
        }
        lead={
          use &&
          `${use.users === 1 ? "One user" : `${use.users.toLocaleString()} different users`} in ${DAYS} days. Days are in UTC.`
        }
        actions={
          <>
            <Link to="/sessions" search={{ actor_id: operatorId }}>
              Sessions
            </Link>
            {mayAudit && (
              <Link to="/audit" search={{ actor_id: operatorId }}>
                Audit entries
              </Link>
            )}
          </>
        }
      />
      <DataTable
        label="Day by day"
        columns={COLUMNS}
        rows={use?.days}
        rowKey={({ day }) => day}
        empty={
          <EmptyState title="Nothing in these days">
            They neither asked for nor were permitted anything.
          </EmptyState>
        }
      />
    </>
  );
}
