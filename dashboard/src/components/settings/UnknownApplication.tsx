import { Link } from "@tanstack/react-router";
import { EmptyState } from "../../ui/EmptyState";

/** A link named an application that is not there. The same user id elsewhere is somebody else. */
export function UnknownApplication({ id, page = false }: { id: string; page?: boolean }) {
  return (
    <EmptyState
      title="There is no such application"
      scene="dark"
      page={page}
      action={
        <Link to="/users" search={{}}>
          To the users
        </Link>
      }
    >
      The link is about the application <code>{id}</code>, which does not exist or is not yours to
      see. Ids of users mean somebody else in another one, so nothing is shown in its place.
    </EmptyState>
  );
}
