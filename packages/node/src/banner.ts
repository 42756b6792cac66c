/** The banner as it stands in a page before, or without, its script. */

import type { Scope } from "./core/restrictions.ts";
import { ascii, escaped } from "./escaping.ts";
import { marked } from "./pageMarks.ts";
import type { ActiveSession, Actor, Subject } from "./values.ts";

const LAST = '<a href="';
const READ_ONLY =
  "<p data-unmarked=''>This page's policy does not let Understudy's script run, so that nothing " +
  `can be sent from it.</p>${LAST}`;
const SCOPES: Readonly<Record<Scope, string>> = { full: "Full access", read_only: "Read only" };

/**
 * Where the banner's parts are, and `back`, where the actor's own view of the app begins.
 *
 * Without `events` it asks for `state` again and again, for as long as its page is looked at.
 */
export interface BannerLinks {
  readonly script: string;
  readonly state: string;
  readonly events: string | null;
  readonly end: string;
  readonly back: string;
}

export interface BannerNow {
  readonly serverNow: Date;
  readonly nonce: string | null;
  readonly canWrite?: boolean;
}

/** One session's banner in one app, rendered but for the clock and a page's nonce. */
export class Banner {
  readonly links: BannerLinks;
  readonly #beforeClock: string;
  readonly #afterClock: string;

  constructor(session: ActiveSession, links: BannerLinks) {
    this.links = links;
    const attributes = attributesOf(session, links)
      .map(([name, value]) => `${name}="${escaped(value)}"`)
      .join(" ");
    this.#beforeClock = `<understudy-banner ${attributes} data-server-now="`;
    this.#afterClock = `">${fallback(session, links)}</understudy-banner><script src="${escaped(links.script)}"`;
  }

  /**
   * The element, its plain fallback and its script: ASCII, well-formed in HTML and in XML.
   *
   * It holds neither style nor inline script, so that it needs nothing of the page's policy.
   * Without `canWrite` it says that nothing can be sent from the page.
   */
  render({ serverNow, nonce, canWrite = true }: BannerNow): Uint8Array {
    const after = canWrite ? this.#afterClock : this.#afterClock.replace(LAST, () => READ_ONLY);
    const allowed = nonce ? ` nonce="${escaped(nonce)}"` : "";
    const clock = serverNow.toISOString();
    return ascii(`${this.#beforeClock}${clock}${after}${allowed} defer=""></script>`);
  }
}

function attributesOf(session: ActiveSession, links: BannerLinks): [string, string][] {
  const facts: Readonly<Record<string, string | null>> = {
    "data-session": session.id,
    "data-state": links.state,
    "data-events": links.events,
    "data-end": marked(links.end, session.id),
    "data-actor": called(session.actor),
    "data-actor-email": session.actor.email,
    "data-subject": called(session.subject),
    "data-subject-email": session.subject.email,
    "data-organization": organizationOf(session),
    "data-scope": session.restrictions.scope,
    "data-ticket": session.ticket,
    "data-reason": session.reason,
    "data-ends-at": session.endsAt.toISOString(),
    "data-idle-seconds": idleSeconds(session),
    "data-return": links.back,
  };
  return Object.entries(facts).filter((fact): fact is [string, string] => Boolean(fact[1]));
}

/** How long it may rest, from the page on that is shown: asking for it was activity. */
function idleSeconds(session: ActiveSession): string {
  const rests = session.idleEndsAt.getTime() - session.lastActiveAt.getTime();
  return String(Math.trunc(rests / 1000));
}

function fallback(session: ActiveSession, links: BannerLinks): string {
  const organization = organizationOf(session);
  const where = organization ? ` (${escaped(organization)})` : "";
  const until = `${session.endsAt.toISOString().slice(11, 16)} UTC`;
  // It names its session, so that no page ends another one that was launched meanwhile.
  const end = escaped(marked(links.end, session.id));
  return (
    `<div role="status">You are viewing this app as <b>${escaped(called(session.subject))}</b>` +
    `${where}. ${SCOPES[session.restrictions.scope]}. Ends at ${until}.` +
    ` What you do is recorded as done by <b>${escaped(called(session.actor))}</b>.` +
    `<form method="post" action="${end}"><button type="submit">End session</button></form>` +
    `<a href="${end}">Other ways to end</a></div>`
  );
}

function called(person: Actor | Subject): string {
  return person.name || person.email || person.id;
}

function organizationOf(session: ActiveSession): string | null {
  const { organization } = session;
  return organization && (organization.name || organization.id);
}
