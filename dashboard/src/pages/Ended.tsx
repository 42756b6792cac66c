import { useQuery } from "@tanstack/react-query";
import { createLazyRoute, Navigate } from "@tanstack/react-router";
import { sessionQuery } from "../api/impersonations";
import { PageWaiting } from "../components/states/PageWaiting";
import { isOwn, useMe } from "../hooks/use-me";

export const Route = createLazyRoute("/signed-in/ended")({ component: Ended });

/** Where an app sends its actor at the end: on to the account in which they have been. */
function Ended() {
  const me = useMe();
  const { session: sessionId } = Route.useSearch();
  const { data: session, isLoading } = useQuery(sessionQuery(sessionId));
  if (isLoading) return <PageWaiting />;
  // Somebody else's is as good as none: the address can be made up.
  if (session === undefined || !isOwn(session, me)) return <Navigate to="/users" replace />;
  const { application_id, subject, id } = session;
  return (
    <Navigate
      to="/users/$subjectId"
      params={{ subjectId: subject.id }}
      search={{ application_id, ended: id }}
      replace
    />
  );
}
