/** The user's own pages, without a script: what they agree to, and who was in their account. */

import { escaped } from "./escaping.ts";
import { marked, OWN } from "./pageMarks.ts";
import { plainPage } from "./plainPage.ts";
import type { Told } from "./userSays.ts";
import type { Answer } from "./visit.ts";

/** Where the pages are, and where the app begins. */
export interface Links {
  readonly consent: string;
  readonly history: string;
  readonly home: string;
}

/** A page of what the service told. */
export type Page = (told: Told, links: Links) => Answer;

const SCOPES: Readonly<Record<string, string>> = {
  full: "look and change things",
  read_only: "look, and change nothing",
};

/** What the user is asked for, and what they agreed to; see the API's `ConsentStateAnswer`. */
export function consentPage(state: Told, links: Links): Answer {
  const parts = listOf(state, "requests").map((one) => requestOf(one, links));
  const given = listOf(state, "consents");
  if (given.length > 0) {
    parts.push(given.map((one) => `<p>${givenOf(one)}</p>`).join(""));
    parts.push(formOf(links.consent, { do: "withdraw" }, "Take it back"));
  } else if (state.mode === "standing") {
    const days = Number(state.standing_days);
    parts.push(
      `<p>Support may work in your account only if you agree. For ${days} days from now?</p>`,
      formOf(links.consent, { do: "agree" }, `Agree for ${days} days`),
    );
  } else if (parts.length === 0) {
    parts.push(
      state.mode === "ask"
        ? "<p>Support asks you here each time, before somebody works in your account." +
            " Nobody asks at the moment.</p>"
        : "<p>You are asked nothing here.</p>",
    );
  }
  const way = `<a href="${escaped(links.history)}">Who accessed my account</a>`;
  return plainPage(200, "Support in your account", parts.join("") + waysOf(way, links));
}

/** The code, shown this once, and what it allows. */
export function codePage(code: Told, links: Links): Answer {
  const content =
    `<p><b>${escaped(String(code.code))}</b></p>` +
    "<p>Read it to the person who asked you, if you want them to work in your account as they " +
    "asked. It is good for ten minutes and for them alone. It does not tell you who they are, " +
    "and nobody needs it to find out who you are.</p>";
  const way = `<a href="${escaped(links.consent)}">Back</a>`;
  return plainPage(200, "Your support code", content + waysOf(way, links));
}

/** Who was in the account; see the API's `HistoryItem`. */
export function historyPage(history: Told, links: Links): Answer {
  const parts = listOf(history, "items").map((one) => sessionOf(one, links));
  const content = parts.join("") || "<p>Nobody has accessed your account.</p>";
  const way = `<a href="${escaped(links.consent)}">What I agree to</a>`;
  return plainPage(200, "Who accessed my account", content + waysOf(way, links));
}

/** Nothing was done. */
export function refusedPage(status: number, detail: string, links: Links): Answer {
  return plainPage(status, "This did not work", `<p>${escaped(detail)}</p>${waysOf("", links)}`);
}

function requestOf(one: Told, links: Links): string {
  const request = { request_id: String(one.id) };
  return (
    `<p><b>${escaped(String(one.asked_by))}</b> asks to work in your account for ` +
    `${Number(one.minutes)} minutes: to ${scopeOf(one)}.</p>` +
    `<p class=soft>${escaped(String(one.reason))}</p>` +
    "<p>Do you speak with them? Then they can tell you this number: " +
    `<b>${escaped(String(one.digits))}</b></p>` +
    '<div class="row">' +
    formOf(links.consent, { do: "allow", ...request }, "Allow") +
    formOf(links.consent, { do: "decline", ...request }, "Do not allow") +
    formOf(links.consent, { do: "code", ...request }, "Show a code to read out") +
    "</div>"
  );
}

function givenOf(one: Told): string {
  if (one.kind !== "standing") return `You allowed somebody to ${scopeOf(one)} in your account.`;
  const until = escaped(String(one.expires_at).slice(0, 10));
  return `You agreed that support may ${scopeOf(one)} in your account, until ${until}.`;
}

function sessionOf(one: Told, links: Links): string {
  const session = { session_id: String(one.session_id) };
  const who = escaped(String((one.actor as Told).name || "Support"));
  const when = escaped(String(one.started_at).slice(0, 16).replaceAll("T", " "));
  const actions = one.actions as Told | null;
  const changed = actions ? ` Changes: ${Number(actions.changes)}.` : "";
  const reason = one.reason ? `<p class=soft>${escaped(String(one.reason))}</p>` : "";
  const live = one.ended_at === null;
  return (
    `<p><b>${who}</b>, ${when} UTC${live ? ", now" : ""}.${changed}</p>${reason}` +
    '<div class="row">' +
    (live ? formOf(links.history, { do: "end", ...session }, "End it now") : "") +
    formOf(links.history, { do: "not_agreed", ...session }, "This was not agreed") +
    "</div>"
  );
}

function scopeOf(one: Told): string {
  return SCOPES[String(one.scope)] ?? "work";
}

function listOf(told: Told, name: string): readonly Told[] {
  return told[name] as readonly Told[];
}

function formOf(action: string, fields: Readonly<Record<string, string>>, label: string): string {
  // Of a browser without a session: its pages are its owner's, also where it has had one.
  const hidden = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${escaped(value)}">`,
  );
  return (
    `<form method="post" action="${escaped(marked(action, OWN))}">${hidden.join("")}` +
    `<button>${escaped(label)}</button></form>`
  );
}

function waysOf(way: string, { home }: Links): string {
  return `<div class="row">${way}<a href="${escaped(home)}">Back to the app</a></div>`;
}
