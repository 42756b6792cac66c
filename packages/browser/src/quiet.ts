import { googleAnalytics, type OptOut, paused, storedFlag } from "./opt-outs.ts";
import type { Understudy } from "./understudy.ts";

/** What is to be silent; nothing is touched that is not named here. */
export interface QuietOptions {
  /** Measurement ids (`G-…`, `UA-…`): `window["ga-disable-<id>"]` is true. */
  readonly googleAnalytics?: readonly string[];
  /** `localStorage.plausible_ignore` is `"true"`. */
  readonly plausible?: boolean;
  /** `localStorage["umami.disabled"]` is `"1"`. */
  readonly umami?: boolean;
  /** For all others: called when silence begins; what it answers is called when it ends. */
  readonly pause?: () => () => void;
}

/** Whether analytics must be silent at present. */
export interface Quiet {
  readonly on: boolean;
  /** Gives back what was there, and looks no more. */
  stop(): void;
}

/**
 * Keeps analytics silent for as long as this browser holds a session: a subject's figures are the
 * subject's. To be called before the scripts of analytics run. Silence begins at once on a page that
 * says itself that it is of a session, by its banner or its mark.
 */
export function withoutAnalytics(understudy: Understudy, options: QuietOptions): Quiet {
  const optOuts = optOutsOf(options);
  let on = false;
  const begin = (): void => {
    if (!on) for (const optOut of optOuts) optOut.set();
    on = true;
  };
  // Also where nothing was set here: a page that was closed in a session has left its flags to us.
  const end = (): void => {
    for (const optOut of optOuts) optOut.restore();
    on = false;
  };
  if (isPageOfSession()) begin();
  const unsubscribe = understudy.subscribe((status) => (status.impersonating ? begin() : end()));
  return {
    get on() {
      return on;
    },
    stop: () => {
      unsubscribe();
      end();
    },
  };
}

function optOutsOf(options: QuietOptions): readonly OptOut[] {
  return [
    ...(options.googleAnalytics ?? []).map(googleAnalytics),
    ...(options.plausible ? [storedFlag("plausible_ignore", "true")] : []),
    ...(options.umami ? [storedFlag("umami.disabled", "1")] : []),
    ...(options.pause ? [paused(options.pause)] : []),
  ];
}

/** What the page says of itself, before the server is asked. */
function isPageOfSession(): boolean {
  const { understudyPage } = document.documentElement.dataset;
  if (document.querySelector("understudy-banner") !== null) return true;
  return understudyPage !== undefined && understudyPage !== "own";
}
