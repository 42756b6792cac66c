import { Checkbox } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { closeCase } from "../../api/cases";
import type { Case } from "../../api/types";
import { NoteForm } from "../../ui/NoteForm";
import { notify } from "../../ui/notify";
import { Problem } from "../../ui/Problem";

/** Closes a case with what was found; of one that is closed already, lets its actor work again. */
export function CloseCase({ found }: { found: Case }) {
  const queryClient = useQueryClient();
  const closed = found.closed_at !== null;
  const [ticked, setTicked] = useState(false);
  const lift = closed || ticked;
  const close = useMutation({
    mutationFn: (note: string) => closeCase(found.id, note, lift),
    onSuccess: () => notify(lift ? "They may work again." : "The case is closed."),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["cases"] }),
  });
  return (
    <NoteForm
      label={closed ? "Why they may work again" : "What you found"}
      deed={closed ? "Let them work again" : "Close the case"}
      busy={close.isPending}
      onSubmit={(note) => close.mutate(note)}
      problem={<Problem error={close.error} />}
      beside={
        !closed && (
          <Checkbox
            label="Let them work again"
            checked={ticked}
            onChange={(event) => setTicked(event.currentTarget.checked)}
          />
        )
      }
    />
  );
}
