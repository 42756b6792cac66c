import { IconGavel } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { holdsQuery } from "../../api/holds";
import type { Hold, Subject } from "../../api/types";
import { useMay } from "../../hooks/use-me";
import { Ago } from "../../ui/Moment";
import { Notice } from "../../ui/Notice";
import { Problem } from "../../ui/Problem";
import classes from "./Holds.module.css";
import { holdsOn } from "./holds-on";
import { ReleaseHold } from "./ReleaseHold";

/** Which holds keep what is known about a user; nothing for those who may not see holds. */
export function HoldNotice({ subject }: { subject: Subject }) {
  const mayRead = useMay("holds.read");
  return mayRead && <Standing subject={subject} />;
}

function Standing({ subject }: { subject: Subject }) {
  const { data: holds = [], error } = useQuery(holdsQuery(subject.application_id));
  // Nobody should take a user for free because the holds could not be looked up.
  if (error) return <Problem error={error} />;
  const standing = holdsOn(subject.id, holds);
  if (standing.length === 0) return null;
  return (
    <Notice tone="calm" icon={<IconGavel size={18} />} title="Under legal hold">
      Nothing that the log says about this user is erased: retention passes it over, and erasing on
      request is refused until every hold is released.
      <ul className={classes.holds}>
        {standing.map((hold) => (
          <li key={hold.id} className={classes.item}>
            <Told hold={hold} name={subject.name ?? subject.id} />
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function Told({ hold, name }: { hold: Hold; name: string }) {
  const mayRelease = useMay("holds.write");
  const { application_id, placed_at, placed_by, reason, subject_id } = hold;
  return (
    <>
      <div>
        <p className={classes.reason}>{reason}</p>
        <span className={classes.label}>
          {placed_by}, <Ago at={placed_at} />
        </span>
      </div>
      {subject_id === null ? (
        <Link to="/settings/$applicationId/holds" params={{ applicationId: application_id }}>
          Covers the whole application
        </Link>
      ) : (
        mayRelease && <ReleaseHold hold={hold} what={name} />
      )}
    </>
  );
}
