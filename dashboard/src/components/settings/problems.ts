import type { RedactionRule } from "../../api/types";
import { groupsFault } from "../../wording/groups";
import { actionsOf, type Draft } from "./draft";
import { insiderProblems } from "./insiders";

const LOOPBACK = /^(localhost|[a-z0-9-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** What is wrong with a draft, by the path of the field that it is about. */
export type Problems = Record<string, string>;

export function problemsOf(draft: Draft): Problems {
  const problems: Problems = {};
  const note = (path: string, problem: string | null) => {
    if (problem !== null) problems[path] = problem;
  };
  draft.redirect_urls.forEach(({ url }, place) => {
    note(`redirect_urls.${place}.url`, url.trim() === "" ? null : urlProblem(url));
  });
  for (const name of ["launch_url", "logout_url"] as const) {
    note(name, draft[name].trim() === "" ? null : urlProblem(draft[name]));
  }
  const pattern = draft.session_origins.trim();
  note("session_origins", pattern === "" ? null : originsProblem(pattern));
  draft.browser_origins.forEach(({ url }, place) => {
    note(`browser_origins.${place}.url`, url.trim() === "" ? null : originProblem(url));
  });
  for (const [name, [least, most]] of Object.entries(RANGES)) {
    note(name, rangeProblem(draft[name as keyof typeof RANGES], least, most));
  }
  noteApproval(draft.approval, note);
  note("consent.standing_days", rangeProblem(draft.consent.standing_days, 1, 365));
  draft.consent.organizations.forEach(({ id }, place, all) => {
    const twice = all.findIndex((one) => one.id.trim() === id.trim()) !== place;
    note(
      `consent.organizations.${place}.id`,
      id.trim() !== "" && twice ? "It is there already" : null,
    );
  });
  if (Number(draft.default_minutes) > Number(draft.max_minutes)) {
    note("default_minutes", "More than the longest");
  }
  draft.blocked_actions.forEach(({ pattern, label }, place) => {
    if (pattern.trim() === "" && label.trim() === "") return;
    note(`blocked_actions.${place}.pattern`, patternProblem(pattern.trim()));
    note(`blocked_actions.${place}.label`, label.trim() === "" ? "Say what it is" : null);
  });
  draft.role_ranks.forEach(({ role, rank }, place) => {
    if (role.trim() === "") return;
    const twice = draft.role_ranks.findIndex((one) => one.role.trim() === role.trim()) !== place;
    note(`role_ranks.${place}.role`, twice ? "This role has a rank already" : null);
    note(`role_ranks.${place}.rank`, rangeProblem(rank, 0, 1_000));
  });
  noteRbac(draft.rbac_roles, note);
  for (const [path, problem] of insiderProblems(draft.insiders)) note(path, problem);
  noteRedaction(draft.redaction, note);
  return problems;
}

function noteApproval(terms: Draft["approval"], note: Note): void {
  note("approval.quorum", rangeProblem(terms.quorum, 0, 5));
  note("approval.pending_minutes", rangeProblem(terms.pending_minutes, 1, 480));
  note("approval.break_glass_minutes", rangeProblem(terms.break_glass_minutes, 1, 60));
  const nobody = terms.roles.length === 0 && terms.groups.length === 0;
  note("approval.roles", Number(terms.quorum) > 0 && nobody ? "Say who may agree" : null);
  note("approval.groups", groupsFault(terms.groups));
}

type Note = (path: string, problem: string | null) => void;

function noteRedaction({ rules, open_routes }: Draft["redaction"], note: Note): void {
  rules.forEach(({ kind, match }, place) => {
    if (match.trim() === "") return;
    note(`redaction.rules.${place}.match`, matchProblem(kind, match.trim()));
  });
  open_routes.forEach(({ pattern }, place) => {
    if (pattern.trim() === "") return;
    note(`redaction.open_routes.${place}.pattern`, patternProblem(pattern.trim()));
  });
}

/** A rule that would find nothing, or everything. */
export function matchProblem(kind: RedactionRule["kind"], match: string): string | null {
  if (kind === "detector") return null;
  if (kind === "field") return /^[*_\- ]*$/.test(match) ? "Name the field" : null;
  const parts = match.split(".");
  if (parts.some((part) => part === "")) return "Names with dots between them";
  return parts.every((part) => /^\*{1,2}$/.test(part)) ? "Name a field in it" : null;
}

function noteRbac(roles: Draft["rbac_roles"], note: Note): void {
  roles.forEach(({ role_id, permissions }, place) => {
    const id = role_id.trim();
    const path = `rbac_roles.${place}`;
    const filled = permissions.some(({ resource_id }) => resource_id.trim() !== "");
    if (id === "" && filled) note(`${path}.role_id`, "Name the role");
    const twice = roles.findIndex((one) => one.role_id.trim() === id) !== place;
    if (id !== "" && twice) note(`${path}.role_id`, "There is such a role already");
    permissions.forEach(({ resource_id, actions }, at) => {
      const [named, does] = [resource_id.trim() !== "", actionsOf(actions).length > 0];
      if (named && !does) note(`${path}.permissions.${at}.actions`, "Name an action, or *");
      if (!named && does) note(`${path}.permissions.${at}.resource_id`, "Name the resource");
    });
  });
}

const RANGES = {
  default_minutes: [1, 60],
  max_minutes: [1, 60],
  idle_minutes: [1, 60],
  reason_min_length: [1, 500],
  retention_days: [1, 3_650],
} as const;

/** An address that a browser may be sent to: https, or http on this very computer. */
export function urlProblem(text: string): string | null {
  if (!URL.canParse(text.trim())) return "A whole address, with https://";
  const { protocol, hostname, hash, username } = new URL(text.trim());
  if (hash !== "" || username !== "") return "Without a fragment or a user";
  if (protocol === "https:") return null;
  return protocol === "http:" && LOOPBACK.test(hostname) ? null : "https, or http on localhost";
}

/** What a browser sends as `Origin`: scheme, host and port in their one spelling. */
export function originProblem(text: string): string | null {
  const problem = urlProblem(text);
  if (problem !== null) return problem;
  const { origin } = new URL(text.trim());
  return origin === text.trim() ? null : `Only the origin: ${origin}`;
}

/** Origins of which each belongs to one session: a wildcard stands for the first label. */
export function originsProblem(pattern: string): string | null {
  const [scheme = "", host = ""] = pattern.split("://*.");
  if (scheme === "" || host === "" || host.includes("*")) return "Like https://*.view.app.example";
  const problem = originProblem(`${scheme}://${host}`);
  if (problem !== null) return problem;
  return /^[\d.]+(:\d+)?$/.test(host) ? "Below the name of a domain" : null;
}

/** A path; `{name}` stands for one segment, a final `/**` for any rest. */
export function patternProblem(pattern: string): string | null {
  if (!pattern.startsWith("/")) return "Begins with /";
  if (/\s/.test(pattern)) return "Without spaces";
  const body = pattern.endsWith("/**") ? pattern.slice(0, -3) : pattern;
  return body.includes("*") ? "/** may only stand at the end" : null;
}

function rangeProblem(value: number | string, least: number, most: number): string | null {
  const number = Number(value);
  const fits = value !== "" && Number.isInteger(number) && number >= least && number <= most;
  return fits ? null : `From ${least} to ${most.toLocaleString()}`;
}
