import type { MessageFormat, Webhook } from "../../api/types";
import {
  EVENT_GROUPS,
  EVENT_TYPES,
  type EventGroup,
  type EventType,
  hookOf,
  isEventType,
  typesOf,
} from "../../wording/events";

/** What an endpoint hears of unless somebody chooses: permissions, sessions and alerts. */
export const USUAL: readonly EventType[] = EVENT_TYPES.filter((type) => hookOf(type) === "usual");

const STYTCH: readonly string[] = ["session.started"];

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
export function typesIn(format: MessageFormat, chosen: Webhook["types"]): Webhook["types"] {
  if (format === "stytch") return [...STYTCH];
  const same = chosen.length === STYTCH.length && chosen.every((type) => STYTCH.includes(type));
  return same ? [...USUAL] : chosen;
}

/** Types in the order in which people are offered them; those of a newer service come last. */
export function inOrder(types: readonly string[]): string[] {
  const known = EVENT_TYPES.filter((type) => types.includes(type));
  return [...known, ...types.filter((type) => !isEventType(type))];
}

function tellable(type: EventType, format: MessageFormat): boolean {
  return format === "stytch" ? STYTCH.includes(type) : hookOf(type) !== "never";
}
