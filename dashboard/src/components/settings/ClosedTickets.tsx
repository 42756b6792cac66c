import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { entriesQuery } from "../../api/audit";
import type { Application } from "../../api/types";
import { Ago } from "../../ui/Moment";
import { Problem } from "../../ui/Problem";
import classes from "./Settings.module.css";

const SHOWN = 5;
const TYPE = ["ticket.closed"];

/** The last messages that were taken; what was not signed is nobody's to be shown. */
export function ClosedTickets({ application }: { application: Application }) {
  const filter = { application_id: application.id, type: TYPE };
  const { data, error } = useInfiniteQuery(entriesQuery(filter));
  const entries = data?.pages[0]?.items.slice(0, SHOWN);
  return (
    <div className={classes.desk}>
      <h3 className={classes.subheading}>Last taken</h3>
      <Problem error={error} />
      {entries?.length === 0 && (
        <p className={classes.cardFacts}>
          Nothing yet. What is refused is told to whoever sent it, and not here.
        </p>
      )}
      <ul className={classes.taken}>
        {entries?.map(({ index, ticket, time, details }) => (
          <li key={index}>
            <Link to="/audit/$index" params={{ index: String(index) }}>
              {ticket ?? "A ticket whose name is erased"}
            </Link>
            , <Ago at={time} />, grants withdrawn: {String(details.grants ?? 0)}
          </li>
        ))}
      </ul>
    </div>
  );
}
