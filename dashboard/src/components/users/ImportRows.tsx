import type { ImportPreview } from "../../api/types";
import { DataTable } from "../../ui/DataTable";
import { ImportProblems } from "./ImportProblems";

type Row = ImportPreview["rows"][number];

const COLUMNS: { key: keyof Row; header: string }[] = [
  { key: "id", header: "Id" },
  { key: "email", header: "E-mail" },
  { key: "name", header: "Name" },
  { key: "organization_id", header: "Organization" },
  { key: "roles", header: "Roles" },
  { key: "protected", header: "Protected" },
  { key: "tags", header: "Tags" },
];

/** The first users of a file as they would be saved, and what is wrong with others. */
export function ImportRows({ preview }: { preview: ImportPreview }) {
  const { read, rows, row_count, problem_count } = preview;
  const shown = COLUMNS.filter(({ key }) => key in read);
  return (
    <>
      <DataTable
        label="First users of the file"
        columns={shown.map(({ key, header }) => ({
          key,
          header,
          cell: (row: Row) => said(row[key]),
        }))}
        rows={rows}
        rowKey={({ id }) => id}
        empty={null}
      />
      <p role="status">
        {row_count > rows.length && `… and ${(row_count - rows.length).toLocaleString()} more. `}
        {problem_count > 0 && `${problem_count.toLocaleString()} with a problem.`}
      </p>
      <ImportProblems problems={preview.problems} count={problem_count} />
    </>
  );
}

function said(value: Row[keyof Row]): string {
  if (value === null) return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return Array.isArray(value) ? value.join(", ") || "–" : value;
}
