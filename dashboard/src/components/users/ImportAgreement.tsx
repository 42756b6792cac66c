import { Checkbox } from "@mantine/core";
import type { Agreed } from "../../api/directory";
import type { ImportPreview } from "../../api/types";

interface Props {
  preview: ImportPreview;
  agreed: Agreed;
  onAgree: (agreed: Agreed) => void;
}

/** What somebody has to agree to before a file is saved: bad rows left out, or many removed. */
export function ImportAgreement({ preview, agreed, onAgree }: Props) {
  const { problem_count, removed, user_count, many } = preview;
  if (removed === null) {
    return problem_count === 0 ? null : (
      <Checkbox
        mt="md"
        label="Save the good rows although others are not"
        checked={agreed.partial === true}
        onChange={(event) => onAgree(event.currentTarget.checked ? { partial: true } : {})}
      />
    );
  }
  const who = `${removed.toLocaleString()} of ${user_count?.toLocaleString()} users`;
  if (problem_count > 0) return <p>Nobody is removed by a file in which something is wrong.</p>;
  if (!many) return <p>{who} would be removed.</p>;
  return (
    <Checkbox
      mt="md"
      label={`Remove ${who}`}
      checked={agreed.remove_at_most === removed}
      onChange={(event) => onAgree(event.currentTarget.checked ? { remove_at_most: removed } : {})}
    />
  );
}

/** Whether all of it was agreed to. */
export function isAgreed({ problem_count, removed, many }: ImportPreview, agreed: Agreed): boolean {
  if (removed === null) return problem_count === 0 || agreed.partial === true;
  return problem_count === 0 && (!many || agreed.remove_at_most === removed);
}
