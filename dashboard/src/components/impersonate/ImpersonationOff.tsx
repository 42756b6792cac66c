import { IconBulbOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { Application } from "../../api/types";
import { useMay } from "../../hooks/use-me";
import { Notice } from "../../ui/Notice";

/** Says that nobody can be impersonated in this application, and who can change that. */
export function ImpersonationOff({ application }: { application: Application }) {
  const mayChange = useMay("applications.write");
  const { id, name, status, settings } = application;
  if (status === "active" && settings.impersonation_allowed) return null;
  const title =
    status === "active" ? `User impersonation is off for ${name}` : `${name} is ${status}`;
  return (
    <Notice
      tone="calm"
      icon={<IconBulbOff size={18} />}
      title={title}
      action={
        mayChange && (
          <Link to="/settings/$applicationId" params={{ applicationId: id }}>
            Open settings
          </Link>
        )
      }
    >
      {mayChange
        ? "You can change this in the settings."
        : "An admin can change this in the settings."}
    </Notice>
  );
}
