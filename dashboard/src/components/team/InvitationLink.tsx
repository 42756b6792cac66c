import type { OperatorInvited } from "../../api/types";
import { Moment } from "../../ui/Moment";
import { ShownOnce } from "../settings/ShownOnce";

interface Props {
  invited: OperatorInvited;
  onClose: () => void;
}

/** The link that lets one colleague in, shown this once. */
export function InvitationLink({ invited, onClose }: Props) {
  return (
    <>
      <p>
        Bring this link to {invited.operator.name}. It works once, until{" "}
        <Moment at={invited.expires_at} />.
      </p>
      <ShownOnce what="link" value={invited.invitation_url} onClose={onClose} />
    </>
  );
}
