import type { Delivery } from "../../api/types";
import { eventWords } from "../../wording/events";

/** What a message is about, in words. */
export function toldBy({ kind, event_type }: Delivery): string {
  if (kind === "test") return "Test message";
  return event_type === null ? "Message" : eventWords(event_type).label;
}
