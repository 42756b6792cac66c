import type { ReactElement } from "react";
import type { Access } from "./accesses.ts";
import { lengthText, momentText } from "./moments.ts";
import { SCOPES } from "./wording.ts";

export interface AccessesProps {
  readonly accesses: readonly Access[];
  readonly locale: string | undefined;
  /** The id of what names it. */
  readonly labelledBy: string;
}

/** Accesses where there is room. */
export function AccessTable({ accesses, locale, labelledBy }: AccessesProps): ReactElement {
  return (
    <table className="understudy-table" aria-labelledby={labelledBy}>
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Who</th>
          <th scope="col">Why</th>
          <th scope="col">Access</th>
        </tr>
      </thead>
      <tbody>
        {accesses.map((access) => (
          <tr key={access.id}>
            <td>
              <time dateTime={access.startedAt}>{momentText(access.startedAt, locale)}</time>
              <p className="understudy-hint">{lengthText(access)}</p>
            </td>
            <td>
              <bdi>{access.actor}</bdi>
            </td>
            <td>
              <Why access={access} />
            </td>
            <td>{SCOPES[access.scope]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The reason, and the ticket where there is one. */
export function Why({ access: { reason, ticket } }: { readonly access: Access }): ReactElement {
  return (
    <>
      {reason ? <bdi>{reason}</bdi> : <span className="understudy-hint">No reason given</span>}
      {ticket && (
        <p className="understudy-hint">
          Ticket <bdi>{ticket}</bdi>
        </p>
      )}
    </>
  );
}
