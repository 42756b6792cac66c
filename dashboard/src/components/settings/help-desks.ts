import type { TicketHook } from "../../api/types";

export type Shape = TicketHook["shape"];

interface Desk {
  name: string;
  /** Where its secret comes from. */
  secret: string;
  /** Whether it makes one itself, which is then entered here. */
  own: boolean;
  /** What is to be entered there. */
  steps: readonly string[];
  /** A message as it sends them, for a ticket that is closed. */
  sample: string;
  /** A body to be copied into it, where admins write that themselves. */
  body?: string;
}

export const DESKS: Record<Shape, Desk> = {
  zendesk: {
    name: "Zendesk",
    secret: "Zendesk makes one: copy the signing secret from the page of the webhook there.",
    own: true,
    steps: [
      "Admin Center, Apps and integrations, Webhooks: create a webhook for Zendesk events.",
      "Events: Ticket status changed, merged, marked as spam, soft deleted, permanently deleted.",
      "Or connect it to a trigger on Status changed to Solved, with the body below.",
    ],
    sample: JSON.stringify(
      {
        type: "zen:event-type:ticket.status_changed",
        detail: { id: "1234", status: "SOLVED" },
        event: { current: "SOLVED", previous: "OPEN" },
      },
      null,
      2,
    ),
    body: '{"ticket_id": "{{ticket.id}}", "status": "solved"}',
  },
  jira: {
    name: "Jira",
    secret: "Left empty, one is made here: enter it there as the webhook’s secret.",
    own: false,
    steps: [
      "Settings, System, WebHooks: create a webhook as an admin. Those of apps are not signed.",
      "Events: Issue updated and Issue deleted.",
    ],
    sample: JSON.stringify(
      {
        timestamp: 1_790_000_000_000,
        webhookEvent: "jira:issue_updated",
        issue: { key: "SUP-12", fields: { status: { statusCategory: { key: "done" } } } },
      },
      null,
      2,
    ),
  },
  standard: {
    name: "Anything else",
    secret: "Left empty, one is made here: whatever sends signs with it.",
    own: false,
    steps: [
      "Sign by Standard Webhooks; there is a library for most languages.",
      "Post the body below.",
    ],
    sample: JSON.stringify({ ticket: "SUP-12", status: "closed" }, null, 2),
    body: '{"ticket": "SUP-12", "status": "closed"}',
  },
};

export const SHAPES = Object.keys(DESKS) as Shape[];
