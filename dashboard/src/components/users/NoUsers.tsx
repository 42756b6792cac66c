import { Button } from "@mantine/core";
import type { Application } from "../../api/types";
import { EmptyState } from "../../ui/EmptyState";
import classes from "./NoUsers.module.css";

interface Props {
  application: Application;
  searched: boolean;
  /** Left out for those who may not. */
  onImport?: (() => void) | undefined;
}

/** No rows: either nobody fits, or the application has not told us of anybody yet. */
export function NoUsers({ application, searched, onImport }: Props) {
  if (searched) {
    return (
      <EmptyState title="Nobody fits">
        The search looks through names, e-mail addresses and ids. Parts of them are enough, in any
        order and without accents.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="The house is empty"
      action={onImport && <Button onClick={onImport}>Import users…</Button>}
    >
      <p>
        Users come from {application.name}: by <code>PUT /api/v1/subjects/…</code> as they sign up,
        or from a file.
      </p>
      <p>
        <code className={classes.command}>
          understudy users import users.csv --app {application.id}
        </code>
      </p>
    </EmptyState>
  );
}
