import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, lazy, type ReactNode, Suspense, useState } from "react";
import { pathOf } from "../../api/base";
import { meQuery } from "../../api/me";
import { isSignInOld } from "../../api/recent-sign-in";

// Only where an app signs its staff in, and not often there.
const StillYou = lazy(() => import("./StillYou").then((module) => ({ default: module.StillYou })));

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
  const queryClient = useQueryClient();
  const [asking, setAsking] = useState(false);
  const submit = (event: FormEvent) => {
    // Asked here, as a refusal would stand in the new tab, where nobody can do anything about it.
    if (isSignInOld(queryClient.getQueryData(meQuery.queryKey))) {
      event.preventDefault();
      setAsking(true);
    } else onLaunch?.();
  };
  const close = () => setAsking(false);
  return (
    <>
      <form
        method="post"
        action={pathOf(`/api/v1/grants/${encodeURIComponent(grantId)}/launch`)}
        target="_blank"
        rel="noopener noreferrer"
        onSubmit={submit}
      >
        {children}
      </form>
      {asking && (
        <Suspense>
          <StillYou onConfirmed={close} onClose={close} />
        </Suspense>
      )}
    </>
  );
}
