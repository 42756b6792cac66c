import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, redirect } from "@tanstack/react-router";
import { meQuery } from "../api/me";
import { isSignedOut } from "../api/problem";
import { staffPlaces } from "../api/staff";
import { Shell } from "../components/shell/Shell";
import { PageBroken } from "../components/states/PageBroken";
import { PageMissing } from "../components/states/PageMissing";
import { PageWaiting } from "../components/states/PageWaiting";
// The two pages where people arrive come with the rest, not after it.
import { Route as signInPage } from "../pages/SignIn";
import { Route as usersPage } from "../pages/Users";
import {
  auditSearch,
  endedSearch,
  sessionsSearch,
  signInSearch,
  userSearch,
  usersSearch,
  webhookSearch,
} from "./search";

interface Context {
  queryClient: QueryClient;
}

const root = createRootRouteWithContext<Context>()({
  errorComponent: PageBroken,
  notFoundComponent: PageMissing,
  pendingComponent: PageWaiting,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: signInSearch,
}).lazy(() => Promise.resolve(signInPage));

/** Accounts of this installation are made where no app signs its staff in. */
const own = createRoute({
  getParentRoute: () => root,
  id: "own-accounts",
  beforeLoad: () => {
    if (staffPlaces() !== null) throw redirect({ to: "/sign-in", replace: true });
  },
});

const setUp = createRoute({ getParentRoute: () => own, path: "/setup" }).lazy(() =>
  import("../pages/SetUp").then((page) => page.Route),
);

const invitation = createRoute({ getParentRoute: () => own, path: "/invitation" }).lazy(() =>
  import("../pages/Invitation").then((page) => page.Route),
);

const takenOver = createRoute({ getParentRoute: () => own, path: "/taken-over" }).lazy(() =>
  import("../pages/TakenOver").then((page) => page.Route),
);

/** Everything below needs an operator; whoever is signed out comes back here afterwards. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  component: Shell,
  errorComponent: PageBroken,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(meQuery);
    } catch (error) {
      if (!isSignedOut(error)) throw error;
      const next = location.href === "/" ? undefined : location.href;
      throw redirect({ to: "/sign-in", search: { next } });
    }
  },
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/users", replace: true });
  },
});

const users = createRoute({
  getParentRoute: () => signedIn,
  path: "/users",
  validateSearch: usersSearch,
}).lazy(() => Promise.resolve(usersPage));

const user = createRoute({
  getParentRoute: () => signedIn,
  path: "/users/$subjectId",
  validateSearch: userSearch,
}).lazy(() => import("../pages/User").then((page) => page.Route));

const sessions = createRoute({
  getParentRoute: () => signedIn,
  path: "/sessions",
  validateSearch: sessionsSearch,
}).lazy(() => import("../pages/Sessions").then((page) => page.Route));

const approvals = createRoute({ getParentRoute: () => signedIn, path: "/approvals" }).lazy(() =>
  import("../pages/Approvals").then((page) => page.Route),
);

const ended = createRoute({
  getParentRoute: () => signedIn,
  path: "/ended",
  validateSearch: endedSearch,
}).lazy(() => import("../pages/Ended").then((page) => page.Route));

const audit = createRoute({
  getParentRoute: () => signedIn,
  path: "/audit",
  validateSearch: auditSearch,
}).lazy(() => import("../pages/Audit").then((page) => page.Route));

const entry = createRoute({ getParentRoute: () => signedIn, path: "/audit/$index" }).lazy(() =>
  import("../pages/Entry").then((page) => page.Route),
);

const settings = createRoute({ getParentRoute: () => signedIn, path: "/settings" }).lazy(() =>
  import("../pages/Settings").then((page) => page.Route),
);

const application = createRoute({
  getParentRoute: () => signedIn,
  path: "/settings/$applicationId",
}).lazy(() => import("../pages/ApplicationSettings").then((page) => page.Route));

const webhooks = createRoute({
  getParentRoute: () => signedIn,
  path: "/settings/$applicationId/webhooks",
}).lazy(() => import("../pages/Webhooks").then((page) => page.Route));

const webhook = createRoute({
  getParentRoute: () => signedIn,
  path: "/settings/$applicationId/webhooks/$endpointId",
  validateSearch: webhookSearch,
}).lazy(() => import("../pages/Webhook").then((page) => page.Route));

const delivery = createRoute({
  getParentRoute: () => signedIn,
  path: "/settings/$applicationId/webhooks/$endpointId/$deliveryId",
}).lazy(() => import("../pages/Delivery").then((page) => page.Route));

const holds = createRoute({
  getParentRoute: () => signedIn,
  path: "/settings/$applicationId/holds",
}).lazy(() => import("../pages/Holds").then((page) => page.Route));

const cases = createRoute({ getParentRoute: () => signedIn, path: "/cases" }).lazy(() =>
  import("../pages/Cases").then((page) => page.Route),
);

const changes = createRoute({ getParentRoute: () => signedIn, path: "/changes" }).lazy(() =>
  import("../pages/Changes").then((page) => page.Route),
);
const policies = createRoute({
  getParentRoute: () => signedIn,
  path: "/settings/$applicationId/policies",
}).lazy(() => import("../pages/Policies").then((page) => page.Route));

const team = createRoute({ getParentRoute: () => signedIn, path: "/team" }).lazy(() =>
  import("../pages/Team").then((page) => page.Route),
);

const operatorUse = createRoute({
  getParentRoute: () => signedIn,
  path: "/team/$operatorId",
}).lazy(() => import("../pages/OperatorUse").then((page) => page.Route));

const account = createRoute({ getParentRoute: () => signedIn, path: "/account" }).lazy(() =>
  import("../pages/Account").then((page) => page.Route),
);

const launch = createRoute({ getParentRoute: () => signedIn, path: "/launch/$grantId" }).lazy(() =>
  import("../pages/Launch").then((page) => page.Route),
);

export const routeTree = root.addChildren([
  signIn,
  own.addChildren([setUp, invitation, takenOver]),
  signedIn.addChildren([
    home,
    users,
    user,
    sessions,
    approvals,
    ended,
    audit,
    entry,
    settings,
    application,
    webhooks,
    webhook,
    delivery,
    holds,
    changes,
    cases,
    policies,
    team,
    operatorUse,
    account,
    launch,
  ]),
]);
