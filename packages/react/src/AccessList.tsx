import type { ReactElement } from "react";
import { type AccessesProps, Why } from "./AccessTable.tsx";
import { lengthText, momentText } from "./moments.ts";
import { SCOPES } from "./wording.ts";

/** The same on phones. */
export function AccessList({ accesses, locale, labelledBy }: AccessesProps): ReactElement {
  return (
    <ul className="understudy-list" aria-labelledby={labelledBy}>
      {accesses.map((access) => (
        <li key={access.id} className="understudy-card">
          <p className="understudy-card-head">
            <bdi>{access.actor}</bdi>
            <span className="understudy-hint">{SCOPES[access.scope]}</span>
          </p>
          <div>
            <Why access={access} />
          </div>
          <p className="understudy-hint">
            <time dateTime={access.startedAt}>{momentText(access.startedAt, locale)}</time>
            {" · "}
            {lengthText(access)}
          </p>
        </li>
      ))}
    </ul>
  );
}
