import { useMutation, useQueryClient } from "@tanstack/react-query";
import { saveSubject } from "../../api/directory";
import type { Subject } from "../../api/types";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { notify } from "../../ui/notify";
import { nameOf } from "../../wording/people";

interface Props {
  subject: Subject;
  opened: boolean;
  onClose: () => void;
}

/** Puts a user out of everybody's reach, or back into it. */
export function ProtectDialog({ subject, opened, onClose }: Props) {
  const queryClient = useQueryClient();
  const name = nameOf(subject);
  const wanted = !subject.protected;
  const save = useMutation({
    mutationFn: () => saveSubject({ ...subject, protected: wanted }),
    onSuccess: async () => {
      onClose();
      notify(wanted ? `${name} is protected.` : `${name} is no longer protected.`);
      await queryClient.invalidateQueries({ queryKey: ["subjects"] });
    },
  });
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={wanted ? `Protect ${name}?` : `Lift the protection of ${name}?`}
      action={wanted ? "Protect" : "Lift protection"}
      busy={save.isPending}
      error={save.error}
      onConfirm={() => save.mutate()}
    >
      {wanted
        ? "Nobody can work in this account any more, whatever their role. A live session in it ends at once."
        : "Operators who may impersonate can work in this account again."}
    </ConfirmDialog>
  );
}
