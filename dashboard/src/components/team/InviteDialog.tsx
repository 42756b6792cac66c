import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { inviteOperator } from "../../api/operators";
import type { Role } from "../../api/types";
import { FormButtons } from "../../ui/FormButtons";
import { Problem } from "../../ui/Problem";
import { WorkDialog } from "../../ui/WorkDialog";
import { groupsFault } from "../../wording/groups";
import { GroupsField } from "./GroupsField";
import { InvitationLink } from "./InvitationLink";
import { RolesField } from "./RolesField";
import classes from "./Team.module.css";

interface Props {
  opened: boolean;
  onClose: () => void;
}

/** Invites a colleague. The link is shown once: it is theirs to open, and yours to bring to them. */
export function InviteDialog({ opened, onClose }: Props) {
  return (
    <WorkDialog opened={opened} onClose={onClose} title="Invite a colleague" size="lg">
      <Invite onClose={onClose} />
    </WorkDialog>
  );
}

function Invite({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: {
      email: "",
      name: "",
      roles: ["support_manager"] as Role[],
      groups: [] as string[],
    },
    validate: {
      email: (value) => (/^[^@\s]+@[^@\s]+$/.test(value.trim()) ? null : "An e-mail address"),
      name: (value) => (value.trim() === "" ? "Their name" : null),
      roles: (value) => (value.length === 0 ? "At least one" : null),
      groups: groupsFault,
    },
  });
  const invite = useMutation({
    mutationFn: () => {
      const { email, name, roles, groups } = form.values;
      return inviteOperator({ email: email.trim(), name: name.trim(), roles, groups });
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["operators"] }),
    gcTime: 0,
  });
  if (invite.data !== undefined) return <InvitationLink invited={invite.data} onClose={onClose} />;
  return (
    <form className={classes.fields} onSubmit={form.onSubmit(() => invite.mutate())} noValidate>
      <TextInput data-autofocus label="E-mail" type="email" {...form.getInputProps("email")} />
      <TextInput label="Name" {...form.getInputProps("name")} />
      <RolesField
        value={form.values.roles}
        onChange={(roles) => form.setFieldValue("roles", roles)}
        error={typeof form.errors.roles === "string" ? form.errors.roles : undefined}
      />
      <GroupsField {...form.getInputProps("groups")} />
      <Problem error={invite.error} />
      <FormButtons busy={invite.isPending} onClose={onClose}>
        Invite
      </FormButtons>
    </form>
  );
}
