import { useRouter } from "@tanstack/react-router";
import { type RefObject, useEffect } from "react";

/** After a change of page the focus goes to its heading, as a page load would have it. */
export function usePageFocus(main: RefObject<HTMLElement | null>): void {
  const router = useRouter();
  useEffect(
    () =>
      router.subscribe("onRendered", ({ fromLocation, toLocation }) => {
        if (fromLocation === undefined || fromLocation.pathname === toLocation.pathname) return;
        const target = main.current?.querySelector("h1") ?? main.current;
        target?.focus({ preventScroll: true });
      }),
    [router, main],
  );
}
