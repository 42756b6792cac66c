import { instant } from "./instant.ts";
import { plain } from "./plain.ts";

/** What the actor may do in the session. */
export type Scope = "full" | "read_only";

/** The session as the server rendered it; texts that were not given are empty. */
export interface Session {
  /** Public id of the session; tells this page's session from a later one in the same browser. */
  readonly id: string;
  readonly subject: string;
  readonly subjectEmail: string;
  readonly organization: string;
  readonly actor: string;
  readonly actorEmail: string;
  readonly scope: Scope;
  readonly ticket: string;
  readonly reason: string;
  /** Milliseconds since the epoch, both by the server's clock. */
  readonly endsAt: number;
  readonly idleAt: number;
  readonly serverNow: number;
  readonly stateUrl: string;
  /** Empty where the app keeps no stream open, so that the state is asked for instead. */
  readonly eventsUrl: string;
  /** Where the page says that the actor is at work. */
  readonly stayUrl: string;
  readonly endUrl: string;
  /** Where the actor asks to see what is hidden from them; empty where nothing may be shown. */
  readonly revealUrl: string;
  /** Where the actor's own view is; null means this page, loaded again. */
  readonly returnUrl: string | null;
}

const ENDLESS = 1e9;
const STATE = "/_understudy/state";
const END = "/_understudy/end";

/**
 * The session that the element's attributes describe, or null when they do not describe one: then
 * the server's own markup must stay visible, since a wrong time is worse than none.
 */
export function readSession(data: DOMStringMap, page: string): Session | null {
  const { scope } = data;
  const endsAt = instant(data.endsAt);
  const serverNow = instant(data.serverNow);
  if (endsAt === null || serverNow === null || !isScope(scope)) return null;
  const stateUrl = ownUrl(data.state, page) ?? ownUrl(STATE, page);
  const endUrl = ownUrl(data.end, page) ?? ownUrl(END, page);
  if (stateUrl === null || endUrl === null) return null;
  const subjectEmail = plain(data.subjectEmail);
  const actorEmail = plain(data.actorEmail);
  return {
    id: plain(data.session),
    subject: plain(data.subject) || subjectEmail || "another user",
    subjectEmail,
    organization: plain(data.organization),
    actor: plain(data.actor) || actorEmail,
    actorEmail,
    scope,
    ticket: plain(data.ticket),
    reason: plain(data.reason),
    endsAt,
    // Asking for the page was activity.
    idleAt: Math.min(endsAt, serverNow + 1_000 * (Number(data.idleSeconds) || ENDLESS)),
    serverNow,
    stateUrl,
    eventsUrl: ownUrl(data.events, page) ?? "",
    stayUrl: new URL(`stay?session=${encodeURIComponent(data.session ?? "")}`, stateUrl).href,
    endUrl,
    revealUrl: ownUrl(data.reveal, page) ?? "",
    returnUrl: webUrl(data.return, page),
  };
}

function isScope(value: string | undefined): value is Scope {
  return value === "full" || value === "read_only";
}

/** An address of the page's own origin: the session's cookie goes nowhere else. */
function ownUrl(value: string | undefined, page: string): string | null {
  const url = webUrl(value, page);
  return url !== null && new URL(url).origin === new URL(page).origin ? url : null;
}

/** An http(s) address; never `javascript:` or `data:`, which a link would run. */
function webUrl(value: string | undefined, page: string): string | null {
  if (!value || !URL.canParse(value, page)) return null;
  const url = new URL(value, page);
  return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
}
