import type { EventType, MessageFormat, Webhook } from "../../api/types";
import { EVENT_GROUPS, type EventGroup, typesOf } from "../../wording/events";

/** What an endpoint hears of unless somebody chooses: permissions, sessions and alerts. */
export const USUAL: readonly EventType[] = [
  "grant.created",
  "grant.denied",
  "grant.cancelled",
  "session.started",
  "session.ended",
  "session.expired",
  "session.revoked",
  "token.replayed",
];

const STYTCH: readonly EventType[] = ["session.started"];

/** What concerns the installation and the team has no application to tell. */
const UNTOLD = /^(installation|operator)\./;

interface Group {
  group: EventGroup;
  types: EventType[];
}

/** The types that messages of a format can tell of. */
export function groupsFor(format: MessageFormat): Group[] {
  return EVENT_GROUPS.map((group) => ({
    group,
    types: typesOf(group).filter((type) => tellable(type, format)),
  })).filter(({ types }) => types.length > 0);
}

/** What is chosen once the format is another: Stytch's knows of session starts only. */
export function typesIn(format: MessageFormat, chosen: Webhook["types"]): EventType[] {
  if (format === "stytch") return [...STYTCH];
  const same = chosen.length === STYTCH.length && chosen.every((type) => STYTCH.includes(type));
  return same ? [...USUAL] : chosen;
}

/** Types in the order in which people are offered them. */
export function inOrder(types: readonly EventType[]): EventType[] {
  return EVENT_GROUPS.flatMap(typesOf).filter((type) => types.includes(type));
}

function tellable(type: EventType, format: MessageFormat): boolean {
  return format === "stytch" ? STYTCH.includes(type) : !UNTOLD.test(type);
}
