import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { ErrorState } from "../../ui/ErrorState";
import classes from "./page.module.css";

/** In place of a page that could not be shown, for instance because the service is away. */
export function PageBroken({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <main className={classes.page}>
      <ErrorState page error={error} onRetry={retry} />
    </main>
  );
}
