import type { EndCause, Entry, Party } from "../../api/types";
import { toTheSecond } from "../../ui/duration";
import { DETAILS } from "../../wording/details.gen";
import { refusalOf } from "../../wording/refusals";
import { END_CAUSES } from "../../wording/sessions";
import { erasureLine, indexesLine } from "./erasure";

interface Named {
  text: string;
  erased: boolean;
}

/** What somebody in an entry is called; once the name is erased, that it is. */
export function nameOf(party: Party | null): Named | null {
  if (party === null) return null;
  if (party.kind === "system") return { text: "Understudy itself", erased: false };
  const text = party.name ?? party.email ?? party.id;
  if (text !== null && text !== "") return { text, erased: false };
  return { text: "erased", erased: true };
}

/** A word of warning where only an application says who somebody is. */
export function vouchedFor(party: Party | null): string | null {
  return party?.kind === "named_by_application" ? "named by the application" : null;
}

/** The most telling facts of an entry, in one line. */
export function gist(entry: Entry): string {
  const { action, rule, reason, ticket } = entry;
  const erasure = erasureLine(entry);
  if (erasure !== null) return erasure;
  const revealed = entry.details.reveals;
  // The address is where it was shown, and no request.
  if (typeof revealed === "string" && action !== null)
    return [`${revealed} at ${action.path ?? "an erased address"}`, reason]
      .filter(Boolean)
      .join(" · ");
  if (action !== null) return [actionLine(action), blockedBy(rule)].filter(Boolean).join(" · ");
  const refused = rule === null ? null : refusalOf(rule).says;
  const told = [refused, reason, ticket].filter((one) => one !== null && one !== "");
  return told.length > 0 ? told.join(" · ") : telling(entry.details);
}

/** That something is gone of an entry, in a few words; nothing while all is there. */
export function lossOf({ erased }: Entry): string | null {
  if (erased.length > 1) return "What it said is erased";
  if (erased.length === 0) return null;
  return erased[0] === "personal" ? "Names are erased" : "Facts are erased";
}

/** The details of a webhook begin with what people know it by. */
function telling(details: Entry["details"]): string {
  const { disabled_because, url } = details;
  if (typeof disabled_because === "string") return disabled_because;
  return typeof url === "string" ? url : detailsLine(details);
}

export function actionLine(action: NonNullable<Entry["action"]>): string {
  const { method, path, route, status } = action;
  return [method, path ?? route, status === null ? null : `→ ${status}`].filter(Boolean).join(" ");
}

/** `minutes: 30, scope: read only`, for facts that have no column of their own. */
function detailsLine(details: Entry["details"]): string {
  return detailsInWords(details)
    .map(([name, value]) => `${name}: ${value}`)
    .join(", ");
}

/** Each detail by what it is called, and its value as people say it. */
export function detailsInWords(details: Entry["details"]): [name: string, value: string][] {
  return Object.entries(details).map(([key, value]) => [called(key), inWords(key, value)]);
}

/** A key that only a newer service knows is called by its own words. */
function called(key: string): string {
  if (Object.hasOwn(DETAILS, key)) return DETAILS[key as keyof typeof DETAILS];
  return key.replaceAll("_", " ");
}

const TIMES = new Set(["at", "signs_from_ms"]);
const CODES = new Set([
  "scope",
  "status",
  "by_kind",
  "hand_off",
  "proven",
  "reach",
  "wire",
  "part",
  "use",
  "roles",
  "allowed_scopes",
]);

function inWords(key: string, value: Entry["details"][string]): string {
  if (value === null || value === "") return "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (TIMES.has(key) && typeof value === "number") return toTheSecond(value);
  if (key === "indexes") return indexesLine(value);
  const text = String(value);
  if (key === "cause" && Object.hasOwn(END_CAUSES, text)) return END_CAUSES[text as EndCause];
  return CODES.has(key) || key === "cause" ? text.replaceAll("_", " ") : text;
}

function blockedBy(rule: string | null): string | null {
  if (rule === "read_only") return "the session is read only";
  if (rule === "write_blocked") return "it was to write, and the session is read only";
  if (rule === "action_blocked") return "blocked by the settings";
  // Refused by it, or cut off in the middle of its answer: the status tells which.
  if (rule === "session_over") return "the session was over";
  if (rule === "identity_not_asked") return "the app never asked whom it was for";
  return rule === null ? null : refusalOf(rule).says;
}
