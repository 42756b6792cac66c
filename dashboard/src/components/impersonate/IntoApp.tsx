import type { ReactNode } from "react";
import { pathOf } from "../../api/base";

interface Props {
  grantId: string;
  onLaunch?: () => void;
  children: ReactNode;
}

/**
 * A real form, so that the browser itself carries the operator's cookie into a new tab that has no
 * hold on this one. Nothing secret stands in the address that it is sent to.
 */
export function IntoApp({ grantId, onLaunch, children }: Props) {
  return (
    <form
      method="post"
      action={pathOf(`/api/v1/grants/${encodeURIComponent(grantId)}/launch`)}
      target="_blank"
      rel="noopener noreferrer"
      onSubmit={onLaunch}
    >
      {children}
    </form>
  );
}
