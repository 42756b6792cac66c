import { IconHandStop } from "@tabler/icons-react";
import { ApiProblem } from "../../api/problem";
import { Notice } from "../../ui/Notice";
import { Problem } from "../../ui/Problem";
import { refusalOf } from "../../wording/refusals";
import classes from "./RefusalNotice.module.css";

/** Which rule said no, and who can lift it. Other failures are told as they are. */
export function RefusalNotice({ error }: { error: unknown }) {
  if (!(error instanceof ApiProblem) || error.rule === null) return <Problem error={error} />;
  const { says, lift } = refusalOf(error.rule);
  return (
    <div role="alert">
      <Notice tone="bad" icon={<IconHandStop size={18} />} title={says}>
        {lift}
        <div className={classes.rule}>
          Rule <code>{error.rule}</code>. The refusal is in the audit log.
        </div>
      </Notice>
    </div>
  );
}
