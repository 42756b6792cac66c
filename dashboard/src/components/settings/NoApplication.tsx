import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useMay } from "../../hooks/use-me";
import { EmptyState } from "../../ui/EmptyState";

/** Nothing is connected yet. */
export function NoApplication() {
  const mayCreate = useMay("applications.write");
  return (
    <EmptyState
      title="No application yet"
      action={
        mayCreate && (
          <Button renderRoot={(props) => <Link to="/settings" {...props} />}>
            Connect an application
          </Button>
        )
      }
    >
      {mayCreate
        ? "Connect the app whose users your team supports. Impersonation stays off until you turn it on."
        : "An admin connects the app whose users your team supports."}
    </EmptyState>
  );
}
