import { TagsInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { saveTags } from "../../api/directory";
import type { Subject } from "../../api/types";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { notify } from "../../ui/notify";
import { nameOf } from "../../wording/people";

/** Says what a user is tagged with; it is mounted while it is open. */
export function TagsDialog({ subject, onClose }: { subject: Subject; onClose: () => void }) {
  const queryClient = useQueryClient();
  const name = nameOf(subject);
  const [tags, setTags] = useState(subject.tags);
  const save = useMutation({
    mutationFn: () => saveTags(subject, tags),
    onSuccess: async () => {
      onClose();
      notify(`${name}’s tags changed.`);
      await queryClient.invalidateQueries({ queryKey: ["subjects"] });
    },
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Tags of ${name}`}
      action="Save"
      busy={save.isPending}
      error={save.error}
      onConfirm={() => save.mutate()}
    >
      <TagsInput
        label="Tags"
        description="For policies to look at, in small letters. What policies say of them holds at once, for live sessions as well."
        placeholder="vip"
        value={tags}
        onChange={setTags}
      />
    </ConfirmDialog>
  );
}
