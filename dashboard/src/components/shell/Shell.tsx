import { Notifications } from "@mantine/notifications";
import { Outlet } from "@tanstack/react-router";
import { useRef } from "react";
import { useLiveUpdates } from "../../hooks/use-live";
import { Wordmark } from "../../ui/Wordmark";
import { AccountMenu } from "./AccountMenu";
import { BeingLogged } from "./BeingLogged";
import { Navigation } from "./Navigation";
import { OwnSessions } from "./OwnSessions";
import classes from "./Shell.module.css";
import { usePageFocus } from "./use-page-focus";

/** What surrounds every page: the way to the others, one's own sessions, one's own account. */
export function Shell() {
  const main = useRef<HTMLElement>(null);
  useLiveUpdates();
  usePageFocus(main);
  return (
    <div className={classes.shell}>
      <button type="button" className={classes.skip} onClick={() => main.current?.focus()}>
        Skip to content
      </button>
      <aside className={classes.rail} aria-label="Understudy">
        <div className={classes.brand}>
          <Wordmark height={22} />
        </div>
        <Navigation />
        <div className={classes.account}>
          <AccountMenu />
        </div>
      </aside>
      <Notifications position="top-right" />
      <div className={classes.stage}>
        <OwnSessions />
        <BeingLogged />
        <main ref={main} tabIndex={-1} className={classes.main}>
          <Outlet />
        </main>
      </div>
    </div>
  );
}
