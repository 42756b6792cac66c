"use client";

import { type ReactElement, type ReactNode, useId } from "react";
import { AccessList } from "./AccessList.tsx";
import { AccessTable } from "./AccessTable.tsx";
import { fromGuard, type Load, useAccesses } from "./accesses.ts";
import { useNarrow } from "./use-narrow.ts";

export type { Access, AccessPage } from "./accesses.ts";

export interface AccessHistoryProps {
  /**
   * What the app's own address answers of the signed-in user's accesses, newest first; without it
   * the guard's address is asked, which the app serves by its option `consent_of`. It is asked once
   * and for each further page; another `key` of the component asks anew.
   */
  readonly load?: Load;
  /** What stands above, in place of *Who accessed your account*. */
  readonly title?: ReactNode;
  /** BCP 47, for dates; the browser's own language without it. */
  readonly locale?: string | undefined;
}

/** Who of the app's staff has worked in somebody's account, when and why: a table, or a list on phones. */
export function AccessHistory(props: AccessHistoryProps): ReactElement {
  const { load = fromGuard, title = "Who accessed your account", locale } = props;
  const heading = useId();
  const { accesses, state, next, more } = useAccesses(load);
  const Shown = useNarrow() ? AccessList : AccessTable;
  return (
    <section
      className="understudy-history"
      aria-labelledby={heading}
      aria-busy={state === "asking"}
    >
      <h2 className="understudy-title" id={heading}>
        {title}
      </h2>
      {accesses.length > 0 && <Shown accesses={accesses} locale={locale} labelledBy={heading} />}
      <div role="status">
        <Told state={state} isEmpty={accesses.length === 0} />
      </div>
      {state !== "asking" && (state === "failed" || next !== null) && (
        <button type="button" className="understudy-button" onClick={more}>
          {state === "failed" ? "Try again" : "Show earlier"}
        </button>
      )}
    </section>
  );
}

interface ToldProps {
  readonly state: "asking" | "told" | "failed";
  readonly isEmpty: boolean;
}

function Told({ state, isEmpty }: ToldProps): ReactElement | null {
  if (state === "asking") return <p className="understudy-hint">Loading…</p>;
  if (state === "failed") return <p className="understudy-error">This could not be loaded.</p>;
  return isEmpty ? <p className="understudy-hint">Nobody has accessed your account.</p> : null;
}
