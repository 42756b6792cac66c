import { Skeleton } from "@mantine/core";
import type { KeyboardEvent, ReactNode } from "react";
import classes from "./DataTable.module.css";
import { moveBetweenRows } from "./row-keys";

export interface Column<Row> {
  key: string;
  header: string;
  cell: (row: Row) => ReactNode;
  width?: string;
  /** `lead` heads the card that a row becomes on a phone; `actions` close it, unlabelled. */
  kind?: "lead" | "actions" | "aside";
  align?: "end";
}

interface Props<Row> {
  label: string;
  columns: Column<Row>[];
  rows: Row[] | undefined;
  rowKey: (row: Row) => string;
  rowTone?: (row: Row) => string | undefined;
  empty: ReactNode;
  /** True while the rows shown are those of an earlier question. */
  stale?: boolean;
  onLeaveTop?: () => void;
}

const WAITING = ["a", "b", "c", "d", "e", "f"];

/**
 * Rows under headings; on a phone, cards. Up and down move between the rows' main links, which carry
 * `data-row-link`; up from the first one leaves the table.
 */
export function DataTable<Row>(props: Props<Row>) {
  const { label, columns, rows, rowKey, rowTone, empty, stale = false, onLeaveTop } = props;
  if (rows?.length === 0) return empty;
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => moveBetweenRows(event, onLeaveTop);
  return (
    <div className={classes.frame} data-stale={stale} aria-busy={rows === undefined || stale}>
      <table className={classes.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ key, header, kind, align, width }) => (
              <th key={key} scope="col" data-align={align} style={{ width }}>
                {kind === "actions" ? <span className="spoken">{header}</span> : header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={onKeyDown}>
          {rows === undefined
            ? WAITING.map((key) => <WaitingRow key={key} columns={columns.length} />)
            : rows.map((row) => (
                <tr key={rowKey(row)} data-tone={rowTone?.(row)}>
                  {columns.map(({ key, header, cell, kind, align }) => (
                    <td key={key} data-label={header} data-kind={kind} data-align={align}>
                      {cell(row)}
                    </td>
                  ))}
                </tr>
              ))}
        </tbody>
      </table>
    </div>
  );
}

function WaitingRow({ columns }: { columns: number }) {
  return (
    <tr className={classes.waiting}>
      <td colSpan={columns}>
        <Skeleton height={16} width="60%" radius="sm" />
      </td>
    </tr>
  );
}
