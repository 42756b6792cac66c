import { ActionIcon, Menu } from "@mantine/core";
import { IconDots, IconEdit, IconKey, IconPlug, IconPlugOff, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { Webhook } from "../../api/types";
import { useMenuButton } from "../../hooks/use-menu-button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { WorkDialog } from "../../ui/WorkDialog";
import { DeleteWebhook } from "./DeleteWebhook";
import { headingOf } from "./endpoint-name";
import { RotateWebhook } from "./RotateWebhook";
import { useChangeWebhook } from "./use-change-webhook";
import { WebhookForm, type WebhookSent } from "./WebhookForm";

type Dialog = "edit" | "rotate" | "disable" | "delete" | null;

/** What an admin can do with an endpoint. */
export function WebhookMenu({ webhook }: { webhook: Webhook }) {
  const [dialog, setDialog] = useState<Dialog>(null);
  const { button, hold } = useMenuButton();
  const close = () => setDialog(null);
  const change = useChangeWebhook(webhook, close);
  const { title } = headingOf(webhook);
  const open = (wanted: Dialog) => {
    change.reset();
    hold();
    setDialog(wanted);
  };
  return (
    <>
      <Menu width={210}>
        <Menu.Target>
          <ActionIcon ref={button} size="lg" aria-label={`Actions for ${title}`}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconEdit size={16} />} onClick={() => open("edit")}>
            Edit…
          </Menu.Item>
          <Menu.Item leftSection={<IconKey size={16} />} onClick={() => open("rotate")}>
            Rotate the secret…
          </Menu.Item>
          {webhook.status === "active" ? (
            <Menu.Item leftSection={<IconPlugOff size={16} />} onClick={() => open("disable")}>
              Disable…
            </Menu.Item>
          ) : (
            <Menu.Item
              leftSection={<IconPlug size={16} />}
              onClick={() => change.mutate({ status: "active" })}
            >
              Enable
            </Menu.Item>
          )}
          <Menu.Item
            c="var(--mantine-color-error)"
            leftSection={<IconTrash size={16} />}
            onClick={() => open("delete")}
          >
            Delete…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <WorkDialog opened={dialog === "edit"} onClose={close} title="Edit the webhook" size="lg">
        <WebhookForm
          webhook={webhook}
          action="Save"
          busy={change.isPending}
          error={change.error}
          onSubmit={(draft: WebhookSent) => change.mutate(draft)}
          onClose={close}
        />
      </WorkDialog>
      <RotateWebhook webhook={webhook} opened={dialog === "rotate"} onClose={close} />
      <ConfirmDialog
        opened={dialog === "disable"}
        onClose={close}
        title={`Disable ${title}?`}
        action="Disable"
        danger
        busy={change.isPending}
        error={change.error}
        onConfirm={() => change.mutate({ status: "disabled" })}
      >
        It hears of nothing from now on, and what is on its way is withdrawn. You can enable it
        again, and send single messages once more.
      </ConfirmDialog>
      <DeleteWebhook webhook={webhook} opened={dialog === "delete"} onClose={close} />
    </>
  );
}
