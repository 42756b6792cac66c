import { createLazyRoute } from "@tanstack/react-router";
import classes from "../components/account/Account.module.css";
import { PasswordForm } from "../components/account/PasswordForm";
import { SignOutEverywhere } from "../components/account/SignOutEverywhere";
import { useMe } from "../hooks/use-me";
import { Facts } from "../ui/Facts";
import { Moment } from "../ui/Moment";
import { PageHeader } from "../ui/PageHeader";
import { Panel } from "../ui/Panel";
import { ROLES } from "../wording/roles";

export const Route = createLazyRoute("/signed-in/account")({ component: Account });

const LEAD = "Ends every sign-in of yours, this one too.";
const LEAD_BY_APP =
  "Ends every sign-in of yours to this dashboard, this one too. Your sign-ins to the app stay: end those in the app.";

function Account() {
  const me = useMe();
  const byApp = me.signed_in_by === "app";
  const roles = (
    <ul className={classes.roles}>
      {me.roles.map((role) => (
        <li key={role}>
          {ROLES[role].name} <span className={classes.means}>{ROLES[role].means}</span>
        </li>
      ))}
    </ul>
  );
  return (
    <div className={classes.page}>
      <PageHeader title="Your account" />
      <Panel title={me.name}>
        <Facts
          facts={[
            ["E-mail", me.email],
            ["Roles", roles],
            ["Signed in by", byApp ? "The app’s own login" : null],
            ["Signed in until", <Moment key="until" at={me.session_expires_at} />],
          ]}
        />
      </Panel>
      {!byApp && (
        <Panel title="Password" lead="Changing it signs you out everywhere else.">
          <PasswordForm />
        </Panel>
      )}
      <Panel
        title="Signed in somewhere else?"
        lead={`${byApp ? LEAD_BY_APP : LEAD} Sessions in users’ accounts are not touched: end them under Sessions.`}
      >
        <SignOutEverywhere />
      </Panel>
    </div>
  );
}
