import { NumberInput, PasswordInput, Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { mailServerQuery, setMailServer } from "../../api/mail";
import type { MailServer } from "../../api/types";
import { FormButtons } from "../../ui/FormButtons";
import { notify } from "../../ui/notify";
import { Problem } from "../../ui/Problem";
import { WorkDialog } from "../../ui/WorkDialog";
import { draftOf, type MailDraft, sentOf, TLS_MODES } from "./mail-draft";
import classes from "./Settings.module.css";

interface Props {
  server: MailServer;
  opened: boolean;
  onClose: () => void;
}

/** Says where e-mail is handed in. */
export function MailServerDialog({ server, opened, onClose }: Props) {
  return (
    <WorkDialog opened={opened} onClose={onClose} title="Mail server" size="md">
      <Fields server={server} onClose={onClose} />
    </WorkDialog>
  );
}

function Fields({ server, onClose }: Omit<Props, "opened">) {
  const queryClient = useQueryClient();
  const form = useForm<MailDraft>({ initialValues: draftOf(server) });
  const save = useMutation({
    mutationFn: (draft: MailDraft) => setMailServer(sentOf(draft)),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: mailServerQuery.queryKey });
      notify("Mail server saved. Send a test to see whether anything arrives.");
      onClose();
    },
    // It holds a password.
    gcTime: 0,
  });
  return (
    <form className={classes.fields} onSubmit={form.onSubmit((draft) => save.mutate(draft))}>
      <TextInput
        data-autofocus
        required
        label="Host"
        placeholder="smtp.example.com"
        {...form.getInputProps("host")}
      />
      <NumberInput
        required
        label="Port"
        min={1}
        max={65_535}
        allowDecimal={false}
        {...form.getInputProps("port")}
      />
      <Select
        label="Encryption"
        data={TLS_MODES}
        allowDeselect={false}
        {...form.getInputProps("tls")}
      />
      <TextInput
        required
        label="Sender"
        description="The address that e-mail comes from."
        type="email"
        {...form.getInputProps("sender")}
      />
      <TextInput
        label="User"
        description="Left empty, nobody signs in."
        autoComplete="off"
        {...form.getInputProps("user")}
      />
      <PasswordInput
        label="Password"
        description={
          server.user === null
            ? "Kept encrypted, and never shown."
            : "Left empty, it stays. Needed again for another host, port, encryption or user."
        }
        autoComplete="new-password"
        {...form.getInputProps("password")}
      />
      <Problem error={save.error} />
      <FormButtons busy={save.isPending} onClose={onClose}>
        Save
      </FormButtons>
    </form>
  );
}
