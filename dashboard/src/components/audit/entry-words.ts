import type { EndCause, Entry, Party } from "../../api/types";
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

/** The most telling facts of an entry, in one line. */
export function gist(entry: Entry): string {
  const { action, rule, reason, ticket } = entry;
  const erasure = erasureLine(entry);
  if (erasure !== null) return erasure;
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

/** `minutes: 30, scope: read_only`, for facts that have no column of their own. */
export function detailsLine(details: Entry["details"]): string {
  return Object.entries(details)
    .map(([name, value]) => `${name.replaceAll("_", " ")}: ${inWords(name, value)}`)
    .join(", ");
}

function inWords(name: string, value: Entry["details"][string]): string {
  if (name === "indexes") return indexesLine(value);
  const text = String(value);
  return name === "cause" && Object.hasOwn(END_CAUSES, text) ? END_CAUSES[text as EndCause] : text;
}

function blockedBy(rule: string | null): string | null {
  if (rule === "read_only") return "the session is read only";
  return rule === "action_blocked" ? "blocked by the settings" : rule;
}
