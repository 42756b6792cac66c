import { useImpersonation } from "@understudy/react";
import { type ReactElement, useEffect, useState } from "react";
import { getMe, type Person, signOut } from "./api.ts";
import { Expenses } from "./pages/Expenses.tsx";
import { Settings } from "./pages/Settings.tsx";
import { SignIn } from "./pages/SignIn.tsx";
import { Users } from "./pages/Users.tsx";

/** The app, for whoever is served: the user themself, or somebody who works as them. */
export function App(): ReactElement | null {
  const [me, setMe] = useState<Person | null>();
  useEffect(() => void getMe().then(setMe, () => setMe(null)), []);
  if (me === undefined) return null;
  return (
    <>
      <Header me={me} />
      <main>{me ? <Page me={me} /> : <SignIn />}</main>
    </>
  );
}

function Page({ me }: { me: Person }): ReactElement {
  if (location.pathname === "/settings") return <Settings />;
  return me.isStaff ? <Users /> : <Expenses />;
}

function Header({ me }: { me: Person | null }): ReactElement {
  const { impersonation } = useImpersonation();
  const leave = (): void => void signOut().then(() => location.assign("/"));
  return (
    <header>
      <a className="brand" href="/">
        Tally
      </a>
      {me && (
        <>
          <nav aria-label="Main">
            <a href="/">{me.isStaff ? "Users" : "Expenses"}</a>
            <a href="/settings">Settings</a>
          </nav>
          <div className="who">
            <span>
              {me.name}
              <small>{me.company}</small>
            </span>
            {!impersonation && (
              <button type="button" className="quiet" onClick={leave}>
                Sign out
              </button>
            )}
          </div>
        </>
      )}
    </header>
  );
}
