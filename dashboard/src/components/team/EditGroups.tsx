import { Button, Group, Modal, TagsInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { updateOperator } from "../../api/operators";
import type { Operator } from "../../api/types";
import { notify } from "../../ui/notify";
import { Problem } from "../../ui/Problem";

interface Props {
  operator: Operator;
  /** Groups that colleagues are in, to choose from. */
  known: string[];
  onClose: () => void;
  onChanged: () => Promise<unknown>;
}

/** Says which groups a colleague is in; it is mounted while it is open. */
export function EditGroups({ operator, known, onClose, onChanged }: Props) {
  const [groups, setGroups] = useState(operator.groups);
  const save = useMutation({
    mutationFn: () => updateOperator(operator.id, { groups }),
    onSuccess: async () => {
      await onChanged();
      notify(`${operator.name}’s groups changed.`);
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Groups of ${operator.name}`} size="lg">
      <TagsInput
        data-autofocus
        label="Groups"
        description="Small letters, digits, - and _. Policies and approvals can name them."
        placeholder="billing"
        data={known}
        value={groups}
        onChange={setGroups}
      />
      <p>
        Sessions that the new groups no longer permit end at once.
        {operator.signed_in_by === "app" &&
          " Where the app itself says which groups somebody is in, its word replaces yours."}
      </p>
      <Problem error={save.error} />
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Not now
        </Button>
        <Button loading={save.isPending} onClick={() => save.mutate()}>
          Save
        </Button>
      </Group>
    </Modal>
  );
}
