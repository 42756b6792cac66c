import { PasswordInput, Radio } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { setTicketHook, ticketHookQuery } from "../../api/ticket-hook";
import type { Application, TicketHook } from "../../api/types";
import { FormButtons } from "../../ui/FormButtons";
import { notify } from "../../ui/notify";
import { Problem } from "../../ui/Problem";
import { WorkDialog } from "../../ui/WorkDialog";
import { DESKS, SHAPES, type Shape } from "./help-desks";
import classes from "./Settings.module.css";
import { ShownOnce } from "./ShownOnce";

interface Props {
  application: Application;
  hook: TicketHook | null;
  opened: boolean;
  onClose: () => void;
}

/** Says whose messages are taken; a secret that is made here is shown once. */
export function HelpDeskDialog(props: Props) {
  return (
    <WorkDialog opened={props.opened} onClose={props.onClose} title="Help desk" size="md">
      <Fields {...props} />
    </WorkDialog>
  );
}

function Fields({ application, hook, onClose }: Props) {
  const queryClient = useQueryClient();
  const [shape, setShape] = useState<Shape>(hook?.shape ?? "zendesk");
  const [secret, setSecret] = useState("");
  const given = secret.trim();
  const save = useMutation({
    mutationFn: () =>
      setTicketHook(application.id, { shape, ...(given !== "" && { secret: given }) }),
    onSuccess: async () => {
      await queryClient.invalidateQueries(ticketHookQuery(application.id));
      // Who has typed it knows it.
      if (given === "") return;
      notify("Messages that are signed with this secret are taken from now on.");
      onClose();
    },
    // It holds a secret.
    gcTime: 0,
  });
  if (save.data !== undefined && given === "") {
    return <ShownOnce what="secret" value={save.data.secret} onClose={onClose} />;
  }
  const { own, secret: comesFrom } = DESKS[shape];
  return (
    <form
      className={classes.fields}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Radio.Group label="Whose" value={shape} onChange={(one) => setShape(one as Shape)}>
        {SHAPES.map((one) => (
          <Radio key={one} mt="xs" value={one} label={DESKS[one].name} />
        ))}
      </Radio.Group>
      <PasswordInput
        label="Secret"
        description={comesFrom}
        required={own}
        minLength={16}
        maxLength={255}
        autoComplete="off"
        value={secret}
        onChange={({ currentTarget }) => setSecret(currentTarget.value)}
      />
      {hook !== null && (
        <p className={classes.cardFacts}>
          The secret of before is good no more once this is saved: enter the new one there at once.
        </p>
      )}
      <Problem error={save.error} />
      <FormButtons busy={save.isPending} onClose={onClose}>
        Save
      </FormButtons>
    </form>
  );
}
