import { Button } from "@mantine/core";
import { IconAlertTriangle, IconPlugConnectedX } from "@tabler/icons-react";
import type { Webhook } from "../../api/types";
import { useMay } from "../../hooks/use-me";
import { Moment } from "../../ui/Moment";
import { Notice } from "../../ui/Notice";
import { useChangeWebhook } from "./use-change-webhook";

/** What somebody should know about an endpoint before anything else: that it is off, or fails. */
export function EndpointNotice({ webhook }: { webhook: Webhook }) {
  if (webhook.status === "disabled") return <Disabled webhook={webhook} />;
  if (webhook.failing_since === null) return null;
  return (
    <Notice
      tone="live"
      icon={<IconAlertTriangle size={18} />}
      title={
        <>
          Nothing has been taken since <Moment at={webhook.failing_since} />
        </>
      }
    >
      Messages are kept and tried again, with longer and longer pauses. After five days without a
      success the endpoint is disabled.
    </Notice>
  );
}

function Disabled({ webhook }: { webhook: Webhook }) {
  const mayChange = useMay("webhooks.write");
  const change = useChangeWebhook(webhook);
  return (
    <Notice
      tone="bad"
      icon={<IconPlugConnectedX size={18} />}
      title={<>This endpoint is disabled{because(webhook.disabled_because)}</>}
      action={
        mayChange && (
          <Button
            size="sm"
            variant="default"
            loading={change.isPending}
            onClick={() => change.mutate({ status: "active" })}
          >
            Enable
          </Button>
        )
      }
    >
      It hears of nothing. What was on its way is withdrawn; once the endpoint is enabled, each
      message can be sent again.
    </Notice>
  );
}

function because(reason: string | null): string {
  return reason === null ? "" : `: ${reason.replace(/^disabled /, "")}`;
}
