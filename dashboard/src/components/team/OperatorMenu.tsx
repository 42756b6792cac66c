import { ActionIcon, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { inviteAgain, signOutOperator, updateOperator } from "../../api/operators";
import type { Operator } from "../../api/types";
import { useMenuButton } from "../../hooks/use-menu-button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { notify } from "../../ui/notify";
import { Problem } from "../../ui/Problem";
import { WorkDialog } from "../../ui/WorkDialog";
import { ConfirmOwner } from "./ConfirmOwner";
import { EditGroups } from "./EditGroups";
import { EditRoles } from "./EditRoles";
import { InvitationLink } from "./InvitationLink";

type Dialog = "roles" | "groups" | "disable" | "sign-out" | "invite" | "confirm" | null;

/** What an admin can do with a colleague's account. */
export function OperatorMenu({ operator, own }: { operator: Operator; own: boolean }) {
  const queryClient = useQueryClient();
  const [dialog, setDialog] = useState<Dialog>(null);
  const { button, hold } = useMenuButton();
  const open = (wanted: Dialog) => {
    hold();
    setDialog(wanted);
  };
  const close = () => setDialog(null);
  const byApp = operator.signed_in_by === "app";
  const refresh = () => queryClient.invalidateQueries({ queryKey: ["operators"] });
  const status = useMutation({
    mutationFn: (wanted: "active" | "disabled") => updateOperator(operator.id, { status: wanted }),
    onSuccess: async () => {
      close();
      await refresh();
    },
  });
  const signOut = useMutation({
    mutationFn: () => signOutOperator(operator.id),
    onSuccess: () => {
      close();
      notify(`${operator.name} is signed out everywhere.`);
    },
  });
  const invite = useMutation({
    mutationFn: () => inviteAgain(operator.id),
    onSuccess: refresh,
    gcTime: 0,
  });
  const openInvite = () => {
    open("invite");
    invite.mutate();
  };
  return (
    <>
      <Menu>
        <Menu.Target>
          <ActionIcon ref={button} size="lg" aria-label={`Actions for ${operator.name}`}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {!byApp && <Menu.Item onClick={() => open("roles")}>Change roles…</Menu.Item>}
          <Menu.Item onClick={() => open("groups")}>Change groups…</Menu.Item>
          {operator.status === "invited" && (
            <Menu.Item onClick={openInvite}>New invitation link…</Menu.Item>
          )}
          {operator.taken_over_at !== null && (
            <Menu.Item disabled={own} onClick={() => open("confirm")}>
              Confirm the owner…
            </Menu.Item>
          )}
          {operator.status === "active" && (
            <Menu.Item onClick={() => open("sign-out")}>Sign out everywhere…</Menu.Item>
          )}
          {operator.status === "disabled" ? (
            <Menu.Item onClick={() => status.mutate("active")}>Enable</Menu.Item>
          ) : (
            <Menu.Item
              c="var(--mantine-color-error)"
              disabled={own}
              onClick={() => open("disable")}
            >
              Disable…
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {dialog === "confirm" && (
        <ConfirmOwner operator={operator} onClose={close} onChanged={refresh} />
      )}
      {dialog === "roles" && <EditRoles operator={operator} onClose={close} onChanged={refresh} />}
      {dialog === "groups" && (
        <EditGroups operator={operator} onClose={close} onChanged={refresh} />
      )}
      <ConfirmDialog
        opened={dialog === "disable"}
        onClose={close}
        title={`Disable ${operator.name}?`}
        action="Disable"
        danger
        busy={status.isPending}
        error={status.error}
        onConfirm={() => status.mutate("disabled")}
      >
        They are signed out and their sessions end at once. What they did stays in the log.
      </ConfirmDialog>
      <ConfirmDialog
        opened={dialog === "sign-out"}
        onClose={close}
        title={`Sign ${operator.name} out?`}
        action="Sign out"
        busy={signOut.isPending}
        error={signOut.error}
        onConfirm={() => signOut.mutate()}
      >
        {byApp
          ? "In every browser. While the app has them signed in, they can come in again from there."
          : "In every browser. They can sign in again with their password."}
      </ConfirmDialog>
      <WorkDialog
        opened={dialog === "invite"}
        onClose={close}
        title="New invitation link"
        size="lg"
      >
        <Problem error={invite.error} />
        {invite.data !== undefined && <InvitationLink invited={invite.data} onClose={close} />}
      </WorkDialog>
    </>
  );
}
