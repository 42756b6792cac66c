import type { Subject } from "../../api/types";
import { Pill } from "../../ui/Pill";
import { OPERATOR_RANK } from "./may-impersonate";

/** What is special about a user, if anything. */
export function SubjectState({ subject }: { subject: Subject }) {
  if (subject.live_session_id !== null) return <Pill tone="live">Somebody is in</Pill>;
  if (subject.protected) return <Pill tone="calm">Protected</Pill>;
  if (subject.status === "disabled") return <Pill tone="quiet">Disabled</Pill>;
  if (subject.status === "deleted") return <Pill tone="bad">Deleted</Pill>;
  if (subject.rank >= OPERATOR_RANK) return <Pill tone="quiet">Ranks as high as you</Pill>;
  return null;
}
