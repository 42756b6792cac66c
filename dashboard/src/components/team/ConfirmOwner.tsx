import { useMutation } from "@tanstack/react-query";
import { confirmOwner } from "../../api/operators";
import type { Operator } from "../../api/types";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { notify } from "../../ui/notify";

interface Props {
  operator: Operator;
  onClose: () => void;
  onChanged: () => Promise<void>;
}

/** A second admin says that it is the owner who got in by a fresh link. */
export function ConfirmOwner({ operator, onClose, onChanged }: Props) {
  const confirm = useMutation({
    mutationFn: () => confirmOwner(operator.id),
    onSuccess: async () => {
      notify(`What ${operator.name} does is marked no more.`);
      onClose();
      await onChanged();
    },
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Is it ${operator.name} who has this account?`}
      action="It is"
      busy={confirm.isPending}
      error={confirm.error}
      onConfirm={() => confirm.mutate()}
    >
      Somebody set a new password for it by a fresh link, and all that it does is marked since. Ask{" "}
      {operator.name} in another way than through this account. The log says that you confirmed it.
    </ConfirmDialog>
  );
}
