import { Skeleton } from "@mantine/core";
import classes from "./page.module.css";

/** While a page's code or its first answer is on the way. */
export function PageWaiting() {
  return (
    <div className={classes.page} role="status" aria-label="Loading">
      <Skeleton height={28} width={180} mb="xl" />
      <Skeleton height={320} radius="lg" />
    </div>
  );
}
