import { ask } from "./asking.ts";
import { type Listener, News } from "./news.ts";
import { readLeft, readStarted, readStatus } from "./reading.ts";
import { Refusal } from "./refusal.ts";
import type { Started, Status, Wanted } from "./values.ts";

export interface UnderstudyOptions {
  /** Where the SDK's own addresses are in the app; `/_understudy` unless the app says otherwise. */
  readonly prefix?: string;
  /** How this page goes to another address; by default the browser does. */
  readonly go?: (address: string) => void;
}

/** The sessions of this browser in this app. Made once for a page. */
export interface Understudy {
  /** Where the SDK's own addresses are. */
  readonly prefix: string;
  /**
   * As whom the browser works, as the server tells it now.
   *
   * @throws Refusal it cannot be known; then nobody may be taken for anybody.
   */
  status(): Promise<Status>;
  /** What was told last, null as long as nothing was; the same object until something changes. */
  current(): Status | null;
  /**
   * Calls `listener` with each change from now on, and with what is known already. The answer makes
   * it stop. All tabs of the browser hear of a start and of an end.
   */
  subscribe(listener: Listener): () => void;
  /**
   * Begins a session, and goes to where it begins. Where a fresh sign-in is wanted, the page goes
   * there, and the refusal says so.
   *
   * @throws Refusal no session was begun; where its code is `outcome_unknown` or `no_answer`, that
   * is not sure, and `status()` tells.
   */
  start(wanted: Wanted): Promise<Started>;
  /**
   * Ends the session, and goes to the page on which it was started. It works without a session too.
   *
   * @throws Refusal the app could not be reached, or this is the page of another session.
   */
  end(): Promise<void>;
}

const PREFIX = "/_understudy";

/** The sessions of this browser, by the addresses that the SDK serves in the app. */
export function createUnderstudy(options: UnderstudyOptions = {}): Understudy {
  const prefix = (options.prefix ?? PREFIX).replace(/\/+$/, "");
  const go = (address: string): void => leave(address, options.go);
  const news = new News(`understudy:${prefix}`, () => ask(`${prefix}/status`, readStatus));
  return {
    prefix,
    status: () => news.look(),
    current: () => news.status,
    subscribe: (listener) => news.subscribe(listener),
    start: async (wanted) => {
      const started = await begin(prefix, wanted, go);
      news.tell();
      go(started.home);
      return started;
    },
    end: async () => {
      const home = await ask(`${prefix}/end`, readLeft, { method: "POST" });
      news.learn({ impersonating: false, cause: null, message: null });
      go(home);
    },
  };
}

async function begin(
  prefix: string,
  wanted: Wanted,
  go: (address: string) => void,
): Promise<Started> {
  const { subjectId, ...rest } = wanted;
  const body = { subject_id: subjectId, ...rest };
  try {
    return await ask(`${prefix}/start`, readStarted, { method: "POST", body });
  } catch (error) {
    if (error instanceof Refusal && error.signIn !== null) go(error.signIn);
    throw error;
  }
}

/** Goes to an http(s) address and to no other kind, whoever names it. */
function leave(address: string, go: UnderstudyOptions["go"]): void {
  const url = new URL(address, location.href);
  if (url.protocol !== "http:" && url.protocol !== "https:") return;
  if (go) go(url.href);
  else location.assign(url.href);
}
