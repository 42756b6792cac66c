import { Link } from "@tanstack/react-router";
import { EmptyState } from "../../ui/EmptyState";
import classes from "./page.module.css";

/** For addresses that lead nowhere. */
export function PageMissing() {
  return (
    <main className={classes.page}>
      <EmptyState
        title="There is no such page"
        scene="dark"
        page
        action={<Link to="/users">To the users</Link>}
      >
        The address may be mistyped, or the page has moved.
      </EmptyState>
    </main>
  );
}
