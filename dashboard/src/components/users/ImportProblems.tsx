import type { RowProblem } from "../../api/types";
import classes from "./Import.module.css";

/** What is wrong in a file, row by row, and how much more there is. */
export function ImportProblems({ problems, count }: { problems: RowProblem[]; count: number }) {
  if (problems.length === 0) return null;
  return (
    <>
      <ul className={classes.problems}>
        {problems.map((problem) => (
          <li key={`${place(problem)} ${problem.detail}`}>
            {place(problem)}: {problem.detail}
          </li>
        ))}
      </ul>
      {count > problems.length && `… and ${count - problems.length} more.`}
    </>
  );
}

function place({ line, row, column }: RowProblem): string {
  const where = row === null ? `Line ${line}` : `Row ${row}, line ${line}`;
  return column === null ? where : `${where}, column ${column}`;
}
