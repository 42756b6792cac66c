import { useQuery } from "@tanstack/react-query";
import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { isExplained } from "../../api/problem";
import { workedAsQuery } from "../../api/worked-as";
import { ErrorState } from "../../ui/ErrorState";
import { PageClosed } from "./PageClosed";
import { PageWaiting } from "./PageWaiting";
import classes from "./page.module.css";

/** In place of a page that could not be shown, for instance because the service is away. */
export function PageBroken({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  // A page's script that was not loaded before is refused as everything is during a session.
  const { data: name, isLoading } = useQuery({ ...workedAsQuery, enabled: !isExplained(error) });
  const retry = () => {
    reset();
    void router.invalidate();
  };
  if (isLoading) return <PageWaiting />;
  return (
    <main className={classes.page}>
      {name ? <PageClosed name={name} /> : <ErrorState page error={error} onRetry={retry} />}
    </main>
  );
}
