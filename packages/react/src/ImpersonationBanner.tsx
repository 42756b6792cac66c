"use client";

import { useEffect } from "react";
import { putBanner } from "./banner.ts";
import { useUnderstudy } from "./provider.tsx";
import { useImpersonation } from "./use-impersonation.ts";

export interface ImpersonationBannerProps {
  /** Whether the app serves the banner's events, as ASGI apps and Node do. */
  readonly events?: boolean | undefined;
  /** Where "Return to my own view" leads; this page, loaded again, without it. */
  readonly home?: string | undefined;
  /** The page's nonce for scripts, where its policy works with nonces. */
  readonly nonce?: string | undefined;
}

/**
 * The banner, for pages that the guarded app does not serve itself, such as those of a dev server or
 * a CDN. Where the server has put one into the page, it stands and nothing is done.
 */
export function ImpersonationBanner(props: ImpersonationBannerProps): null {
  const { events = false, home, nonce } = props;
  const { prefix } = useUnderstudy();
  const { impersonation } = useImpersonation();
  useEffect(() => {
    if (impersonation) putBanner(impersonation, { prefix, events, home, nonce });
  }, [impersonation, prefix, events, home, nonce]);
  return null;
}
