import { Button, Group, Modal } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { updateOperator } from "../../api/operators";
import type { Operator } from "../../api/types";
import { notify } from "../../ui/notify";
import { Problem } from "../../ui/Problem";
import { RolesField } from "./RolesField";

interface Props {
  operator: Operator;
  onClose: () => void;
  onChanged: () => Promise<unknown>;
}

export function EditRoles({ operator, onClose, onChanged }: Props) {
  const [roles, setRoles] = useState(operator.roles);
  const save = useMutation({
    mutationFn: () => updateOperator(operator.id, { roles }),
    onSuccess: async () => {
      await onChanged();
      notify(`${operator.name}’s roles changed.`);
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Roles of ${operator.name}`} size="lg">
      <RolesField
        value={roles}
        onChange={setRoles}
        error={roles.length === 0 ? "At least one" : undefined}
      />
      <p>Sessions that the new roles no longer permit end at once.</p>
      <Problem error={save.error} />
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Not now
        </Button>
        <Button
          loading={save.isPending}
          disabled={roles.length === 0}
          onClick={() => save.mutate()}
        >
          Save
        </Button>
      </Group>
    </Modal>
  );
}
