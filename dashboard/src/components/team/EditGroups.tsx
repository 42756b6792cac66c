import { Button, Group, Modal } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { updateOperator } from "../../api/operators";
import type { Operator } from "../../api/types";
import { notify } from "../../ui/notify";
import { Problem } from "../../ui/Problem";
import { groupsFault } from "../../wording/groups";
import { GroupsField } from "./GroupsField";

interface Props {
  operator: Operator;
  onClose: () => void;
  onChanged: () => Promise<unknown>;
}

/** Says which groups a colleague is in; it is mounted while it is open. */
export function EditGroups({ operator, onClose, onChanged }: Props) {
  const [groups, setGroups] = useState(operator.groups);
  const fault = groupsFault(groups);
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
      <GroupsField data-autofocus value={groups} onChange={setGroups} error={fault} />
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
        <Button disabled={fault !== null} loading={save.isPending} onClick={() => save.mutate()}>
          Save
        </Button>
      </Group>
    </Modal>
  );
}
