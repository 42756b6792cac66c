import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { honeyQuery, setHoney } from "../../api/honey";
import type { Subject } from "../../api/types";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { notify } from "../../ui/notify";
import { nameOf } from "../../wording/people";

/** Makes a user a honey user, or one like others; it is mounted while it is open. */
export function HoneyDialog({ subject, onClose }: { subject: Subject; onClose: () => void }) {
  const queryClient = useQueryClient();
  const name = nameOf(subject);
  const { data, error } = useQuery(honeyQuery(subject.application_id, subject.id));
  const wanted = data?.honey !== true;
  const save = useMutation({
    mutationFn: () => setHoney(subject.application_id, subject.id, wanted),
    onSuccess: async () => {
      onClose();
      notify(wanted ? `${name} is a honey user.` : `${name} is a user like others.`);
      await queryClient.invalidateQueries({ queryKey: ["honey"] });
    },
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={wanted ? `Make ${name} a honey user?` : `${name} is a honey user`}
      action={wanted ? "Make a honey user" : "Make a user like others"}
      busy={save.isPending || (data === undefined && error === null)}
      error={error ?? save.error}
      onConfirm={() => save.mutate()}
    >
      {wanted
        ? "Choose somebody whom nobody has a reason to become. Whoever tries is told that there is no such user, and an alarm is in the log. Only admins see who is a honey user."
        : "Whoever asks to work in this account is told that there is no such user, and that is an alarm."}
    </ConfirmDialog>
  );
}
