import { Button } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import type { Session } from "../../api/types";
import { nameOf } from "../../wording/people";
import { IntoApp } from "./IntoApp";

/** The way back into one's own live session, for whoever has closed its tab. */
export function OpenApp({ session }: { session: Session }) {
  return (
    <IntoApp grantId={session.grant_id}>
      <Button
        type="submit"
        size="compact-sm"
        variant="default"
        leftSection={<IconExternalLink size={14} aria-hidden="true" />}
        aria-label={`Open the app as ${nameOf(session.subject)}`}
      >
        Open the app
      </Button>
    </IntoApp>
  );
}
