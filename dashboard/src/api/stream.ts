import { pathOf } from "./base";

export interface Stream {
  close(): void;
}

// The service sends a heartbeat each second; several may be late together.
const SILENCE = 6_000;
const RETRY = 10_000;
const RETRY_WHERE_POLLED = 60_000;

/**
 * Follows the service's events. `onSession` is called when a session started or ended; `onState`
 * hears whether events arrive: while they do not, lists are polled. The browser reconnects by
 * itself; once it gives up, we try again. A server that has no worker to spare for a stream says
 * `poll` in its place, and is left in peace for a minute.
 */
export function openStream(onSession: () => void, onState: (flowing: boolean) => void): Stream {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(() => onState(false), SILENCE);
    onState(true);
  };
  const lost = () => {
    clearTimeout(silence);
    onState(false);
    if (source?.readyState === EventSource.CLOSED) retry = setTimeout(connect, RETRY);
  };
  const refused = () => {
    // Before the browser, which would be back at once.
    source?.close();
    clearTimeout(silence);
    onState(false);
    retry = setTimeout(connect, RETRY_WHERE_POLLED);
  };
  const connect = () => {
    source = new EventSource(pathOf("/api/v1/events/stream"));
    source.addEventListener("error", lost);
    source.addEventListener("poll", refused);
    source.addEventListener("heartbeat", heard);
    source.addEventListener("session", () => {
      heard();
      onSession();
    });
  };
  connect();
  return {
    close() {
      clearTimeout(retry);
      clearTimeout(silence);
      source?.close();
    },
  };
}
