import { Button } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { IntoApp } from "./IntoApp";

interface Props {
  grantId: string;
  again?: boolean;
  onLaunch: () => void;
}

/** Launches a grant for the first time, and again while its app is awaited. */
export function LaunchForm({ grantId, again = false, onLaunch }: Props) {
  return (
    <IntoApp grantId={grantId} onLaunch={onLaunch}>
      <Button
        type="submit"
        variant={again ? "default" : "filled"}
        size={again ? "sm" : "md"}
        leftSection={<IconExternalLink size={17} aria-hidden="true" />}
        data-autofocus
        autoFocus={!again}
      >
        {again ? "Launch again" : "Launch in new tab"}
      </Button>
    </IntoApp>
  );
}
