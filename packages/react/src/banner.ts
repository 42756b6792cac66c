import type { Impersonation, Person } from "@understudy/browser";
import { SCOPES } from "./wording.ts";

const NAME = "understudy-banner";

/** How the banner's parts are reached. */
export interface BannerOptions {
  readonly prefix: string;
  /** Whether the app serves the banner's events; otherwise it asks again and again. */
  readonly events: boolean;
  /** Where "Return to my own view" leads; this page, loaded again, without it. */
  readonly home: string | undefined;
  /** The page's nonce for scripts, where its policy works with nonces. */
  readonly nonce: string | undefined;
}

/**
 * Puts the banner at the start of the page, unless the server has done so, as it does with the pages
 * that it serves itself. Beside React and not within: the banner holds its place by itself, and
 * a framework that took it out would fight with it.
 */
export function putBanner(session: Impersonation, options: BannerOptions): void {
  if (document.querySelector(NAME) !== null) return;
  const banner = document.createElement(NAME);
  for (const [name, value] of attributesOf(session, options)) banner.setAttribute(name, value);
  banner.append(fallback(session, endOf(session, options)));
  document.body.prepend(banner);
  if (customElements.get(NAME) === undefined) loadScript(options);
}

function attributesOf(session: Impersonation, options: BannerOptions): [string, string][] {
  const { subject, actor, idleEndsAt, serverNow } = session;
  const idleSeconds = Math.floor((idleEndsAt.getTime() - serverNow.getTime()) / 1_000);
  const facts: [string, string | null | undefined][] = [
    ["data-session", session.session],
    ["data-state", `${options.prefix}/state`],
    ["data-events", options.events ? `${options.prefix}/events` : null],
    ["data-end", endOf(session, options)],
    ["data-actor", called(actor)],
    ["data-actor-email", actor.email],
    ["data-subject", called(subject)],
    ["data-subject-email", subject.email],
    ["data-scope", session.scope],
    ["data-ends-at", session.endsAt.toISOString()],
    ["data-idle-seconds", String(idleSeconds)],
    ["data-server-now", serverNow.toISOString()],
    ["data-return", options.home],
  ];
  return facts.filter((fact): fact is [string, string] => Boolean(fact[1]));
}

/** It names its session, so that no page ends another one that was launched meanwhile. */
function endOf(session: Impersonation, { prefix }: BannerOptions): string {
  return `${prefix}/end?_understudy_page=${encodeURIComponent(session.session)}`;
}

/** What stands there where the banner's own script cannot run. */
function fallback(session: Impersonation, end: string): HTMLElement {
  const root = made("div");
  root.setAttribute("role", "status");
  const text = `You are viewing this app as ${called(session.subject)}. ${SCOPES[session.scope]}. `;
  const form = made("form");
  form.method = "post";
  form.action = end;
  form.append(made("button", "End session"));
  const other = made("a", "Other ways to end");
  other.href = end;
  root.append(text, form, other);
  return root;
}

function loadScript({ prefix, nonce }: BannerOptions): void {
  const script = made("script");
  script.src = `${prefix}/banner.js`;
  if (nonce !== undefined) script.nonce = nonce;
  document.head.append(script);
}

function made<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  text = "",
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}

function called(person: Person): string {
  return person.name || person.email || person.id;
}
