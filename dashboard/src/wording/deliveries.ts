import type { DeliveryStatus, MessageFormat, Webhook } from "../api/types";
import type { Tone } from "../ui/Pill";

interface StateWords {
  label: string;
  tone: Tone;
}

export const DELIVERY_STATUSES: Record<DeliveryStatus, StateWords> = {
  pending: { label: "On its way", tone: "live" },
  delivered: { label: "Delivered", tone: "good" },
  failed: { label: "Given up", tone: "bad" },
  cancelled: { label: "Withdrawn", tone: "quiet" },
};

export const FORMATS: Record<MessageFormat, { name: string; means: string }> = {
  native: { name: "Understudy", means: "Type, time and data, as our API spells them." },
  cloudevents: { name: "CloudEvents", means: "CloudEvents 1.0, for event brokers." },
  slack: { name: "Slack", means: "A line of text for a channel's incoming webhook." },
  email: {
    name: "E-mail",
    means: "To the operators who may do something about it, looked up as it is sent.",
  },
  stytch: {
    name: "Stytch",
    means: "As Stytch tells of an impersonation. It knows of session starts only.",
  },
};

/** How an endpoint fares, in a word. */
export function stateOf({ status, failing_since }: Webhook): StateWords {
  if (status === "disabled") return { label: "Disabled", tone: "bad" };
  if (failing_since !== null) return { label: "Failing", tone: "live" };
  return { label: "Active", tone: "good" };
}
