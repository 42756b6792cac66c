import type { ImportReport } from "../../api/types";
import { Notice } from "../../ui/Notice";
import { unrankedInWords } from "../../wording/unranked";
import classes from "./Import.module.css";

/** What an import did, row by row where something was wrong. */
export function ImportOutcome({ report }: { report: ImportReport }) {
  const { saved, unchanged, problems, problem_count, unranked } = report;
  const clean = problem_count === 0;
  return (
    <div role="status">
      <Notice tone={clean ? "good" : "bad"} title={summary(saved, unchanged, problem_count)}>
        {!clean && saved === 0 && "Mend the file, then choose it again."}
        {problems.length > 0 && (
          <ul className={classes.problems}>
            {problems.map(({ line, detail }) => (
              <li key={`${line} ${detail}`}>
                Line {line}: {detail}
              </li>
            ))}
          </ul>
        )}
        {problem_count > problems.length && `… and ${problem_count - problems.length} more.`}
        {unranked.users > 0 && <p>{unrankedInWords(unranked)}</p>}
      </Notice>
    </div>
  );
}

function summary(saved: number, unchanged: number, wrong: number): string {
  const parts = [`${saved.toLocaleString()} saved`];
  if (unchanged > 0) parts.push(`${unchanged.toLocaleString()} unchanged`);
  if (wrong > 0) parts.push(`${wrong.toLocaleString()} with a problem`);
  return parts.join(", ");
}
