import type { Tone } from "../ui/Pill";
import { EVENTS } from "./events.gen";

/** A type that this version knows; a newer service may answer with others. */
export type EventType = keyof typeof EVENTS;

export type EventGroup = (typeof EVENTS)[EventType]["group"];

interface EventWords {
  group: EventGroup;
  label: string;
  /** What the eye should find; most entries are quiet. */
  tone: Tone;
  /** Whether webhooks hear of it: unless they choose, if they choose it, or never. */
  hook: "usual" | "chosen" | "never";
}

/** Every type of audit entry that this version knows, in words. The order is that of the filter. */
const EVENT_WORDS: Record<EventType, EventWords> = EVENTS;

export const EVENT_TYPES = Object.keys(EVENT_WORDS) as EventType[];

export const EVENT_GROUPS: readonly EventGroup[] = [
  ...new Set(EVENT_TYPES.map((type) => EVENT_WORDS[type].group)),
];

export function isEventType(type: unknown): type is EventType {
  return typeof type === "string" && Object.hasOwn(EVENT_WORDS, type);
}

/** The words for a type; one that only a newer service knows is called by its own words. */
export function eventWords(type: string): Pick<EventWords, "label" | "tone"> {
  if (isEventType(type)) return EVENT_WORDS[type];
  const words = type.replaceAll(/[._]/g, " ");
  return { label: words.charAt(0).toUpperCase() + words.slice(1), tone: "quiet" };
}

/** The types of one group. */
export function typesOf(group: EventGroup): EventType[] {
  return EVENT_TYPES.filter((type) => EVENT_WORDS[type].group === group);
}

/** Whether, and when, a webhook hears of a type. */
export function hookOf(type: EventType): EventWords["hook"] {
  return EVENT_WORDS[type].hook;
}
