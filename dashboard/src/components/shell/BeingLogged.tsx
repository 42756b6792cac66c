import { useSyncExternalStore } from "react";
import { unloggedNow, watchUnlogged } from "../../api/unlogged";
import { Notice } from "../../ui/Notice";

/** Says that sessions are over while nothing can be written, for as long as that lasts. */
export function BeingLogged() {
  const { size } = useSyncExternalStore(watchUnlogged, unloggedNow);
  return (
    <div role="status" aria-label="Endings that are being logged">
      {size > 0 && (
        <Notice tone="calm" title="Ended; being logged">
          {size === 1 ? "A session is over" : `${size} sessions are over`}, and the log cannot take
          it at the moment. This page repeats it until the log can: keep it open.
        </Notice>
      )}
    </div>
  );
}
