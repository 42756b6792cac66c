import { Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { placeHold } from "../../api/holds";
import type { Application, Subject } from "../../api/types";
import { FormButtons } from "../../ui/FormButtons";
import { notify } from "../../ui/notify";
import { Problem } from "../../ui/Problem";
import { WorkDialog } from "../../ui/WorkDialog";

const LONGEST = 1_000;

interface Props {
  application: Application;
  /** The user whom it is about; without one it is the whole application. */
  subject?: Subject;
  opened: boolean;
  onClose: () => void;
}

/** Keeps everything about a user, or an application, from being erased. */
export function PlaceHold({ application, subject, opened, onClose }: Props) {
  const what = subject === undefined ? application.name : (subject.name ?? subject.id);
  return (
    <WorkDialog opened={opened} onClose={onClose} title={`Place a legal hold on ${what}`} size="md">
      <Form application={application} subject={subject} onClose={onClose} />
    </WorkDialog>
  );
}

interface FormProps {
  application: Application;
  subject: Subject | undefined;
  onClose: () => void;
}

function Form({ application, subject, onClose }: FormProps) {
  const queryClient = useQueryClient();
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const missing = reason.trim() === "";
  const place = useMutation({
    mutationFn: () =>
      placeHold({
        application_id: application.id,
        reason: reason.trim(),
        ...(subject !== undefined && { subject_id: subject.id }),
      }),
    onSuccess: async () => {
      onClose();
      notify("The hold stands.");
      await queryClient.invalidateQueries({ queryKey: ["holds"] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!missing) place.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <p style={{ marginTop: 0 }}>
        {subject === undefined
          ? "Nothing in this application’s log is erased while it stands: neither by retention nor on a user’s request."
          : "Nothing that the log says about this user is erased while it stands: neither by retention nor on request."}{" "}
        Placing and releasing it are entries themselves.
      </p>
      <Textarea
        data-autofocus
        required
        label="Reason"
        description="Kept in the log under your name."
        placeholder="Case 2026-118, requested by legal"
        maxLength={LONGEST}
        error={tried && missing ? "Say why it is kept" : null}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Problem error={place.error} />
      <FormButtons mt="lg" busy={place.isPending} onClose={onClose}>
        Place the hold
      </FormButtons>
    </form>
  );
}
