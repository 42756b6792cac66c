import { IconEraser } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { Notice } from "../../ui/Notice";

const HALVES: Record<string, string> = {
  core: "ids, outcome and numbers",
  personal: "names, addresses, reason, ticket and path",
};

/** Which halves of an entry are gone. That they are is itself in the log. */
export function ErasedNotice({ erased }: { erased: string[] }) {
  if (erased.length === 0) return null;
  const gone = erased.map((half) => HALVES[half] ?? half).join("; ");
  return (
    <Notice
      tone="calm"
      icon={<IconEraser size={18} />}
      title={
        erased.length > 1
          ? "Both halves of this entry are erased"
          : `The ${erased[0]} half of this entry is erased`
      }
      action={
        <Link to="/audit" search={{ type: ["audit.erased"] }}>
          Erasures
        </Link>
      }
    >
      Gone: {gone}. The entry itself still stands in the log and can be proved.
    </Notice>
  );
}
