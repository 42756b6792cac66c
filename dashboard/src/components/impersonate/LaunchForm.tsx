import { Button } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { pathOf } from "../../api/base";

interface Props {
  grantId: string;
  again?: boolean;
  onLaunch: () => void;
}

/**
 * A real form, so that the browser itself carries the operator's cookie into a new tab that has no
 * hold on this one. Nothing secret stands in the address that it is sent to.
 */
export function LaunchForm({ grantId, again = false, onLaunch }: Props) {
  return (
    <form
      method="post"
      action={pathOf(`/api/v1/grants/${encodeURIComponent(grantId)}/launch`)}
      target="_blank"
      rel="noopener noreferrer"
      onSubmit={onLaunch}
    >
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
    </form>
  );
}
