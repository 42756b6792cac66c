import { IconEraser } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { erasureOfQuery } from "../../api/audit";
import type { Entry } from "../../api/types";
import { Moment } from "../../ui/Moment";
import { Notice } from "../../ui/Notice";
import { covers, erasedBy } from "./erasure";

const HALVES: Record<string, string> = {
  core: "ids, outcome and numbers",
  personal: "names, addresses, reason, ticket and path",
};

/** Which halves of an entry are gone, since when and why. That they are is itself in the log. */
export function ErasedNotice({ entry }: { entry: Entry }) {
  return entry.erased.length > 0 && <Erased entry={entry} />;
}

function Erased({ entry }: { entry: Entry }) {
  const { erased } = entry;
  const gone = erased.map((half) => HALVES[half] ?? half).join("; ");
  return (
    <Notice
      tone="calm"
      icon={<IconEraser size={18} />}
      title={
        erased.length > 1
          ? "What this entry said is erased"
          : `The ${erased[0]} half of this entry is erased`
      }
    >
      <ByWhom entry={entry} />
      <p>Gone: {gone}. The entry itself still stands in the log and can be proved.</p>
    </Notice>
  );
}

/** The entry that tells of the erasure, once it is found. */
function ByWhom({ entry }: { entry: Entry }) {
  const { data: erasure, isPending } = useQuery(
    erasureOfQuery(entry, (one) => covers(one, entry.index)),
  );
  if (isPending) return <p>Looking for the erasure…</p>;
  if (erasure === null || erasure === undefined) {
    return (
      <p>
        <Link to="/audit" search={{ type: ["audit.erased"], since: entry.time }}>
          All erasures since
        </Link>
      </p>
    );
  }
  return (
    <p>
      Erased on <Moment at={erasure.time} /> {erasedBy(erasure)}:{" "}
      <Link to="/audit/$index" params={{ index: String(erasure.index) }}>
        entry #{erasure.index}
      </Link>
      .
    </p>
  );
}
