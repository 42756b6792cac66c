import type { ImportReport } from "../../api/types";
import { Notice } from "../../ui/Notice";
import { unrankedInWords } from "../../wording/unranked";
import { ImportProblems } from "./ImportProblems";

/** What an import did, row by row where something was wrong. */
export function ImportOutcome({ report }: { report: ImportReport }) {
  const { saved, problems, problem_count, unranked } = report;
  const clean = problem_count === 0;
  return (
    <div role="status">
      <Notice tone={clean ? "good" : "bad"} title={summary(report)}>
        {!clean && saved === 0 && "Mend the file, then choose it again."}
        <ImportProblems problems={problems} count={problem_count} />
        {unranked.users > 0 && <p>{unrankedInWords(unranked)}</p>}
      </Notice>
    </div>
  );
}

function summary({ saved, unchanged, removed, problem_count }: ImportReport): string {
  const parts = [`${saved.toLocaleString()} saved`];
  if (unchanged > 0) parts.push(`${unchanged.toLocaleString()} unchanged`);
  if (removed > 0) parts.push(`${removed.toLocaleString()} removed`);
  if (problem_count > 0) parts.push(`${problem_count.toLocaleString()} with a problem`);
  return parts.join(", ");
}
