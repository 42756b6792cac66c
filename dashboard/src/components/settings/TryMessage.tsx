import { Button, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { readTicketNews } from "../../api/ticket-hook";
import type { Application, TicketHook, TicketNewsRead } from "../../api/types";
import { Problem } from "../../ui/Problem";
import { DESKS } from "./help-desks";
import classes from "./Settings.module.css";

/** Says what would be read in a message that the help desk shows, without anything ending. */
export function TryMessage({ application, hook }: { application: Application; hook: TicketHook }) {
  const [message, setMessage] = useState(DESKS[hook.shape].sample);
  const read = useMutation({ mutationFn: () => readTicketNews(application.id, message) });
  return (
    <div className={classes.desk}>
      <h3 className={classes.subheading}>Try a message</h3>
      <Textarea
        label="Message"
        description="As the help desk shows that it has sent it. Nothing ends, and nobody checks its signature."
        autosize
        minRows={3}
        maxRows={12}
        maxLength={100_000}
        classNames={{ input: classes.message }}
        value={message}
        onChange={({ currentTarget }) => setMessage(currentTarget.value)}
      />
      <Problem error={read.error} />
      <div className={classes.line}>
        <span role="status">{read.data !== undefined && outcome(read.data)}</span>
        <Button variant="default" loading={read.isPending} onClick={() => read.mutate()}>
          Try it
        </Button>
      </div>
    </div>
  );
}

function outcome({ ticket, closed, grants }: TicketNewsRead): string {
  if (!closed) return `Ticket ${ticket} is not closed by it: nothing would end.`;
  const stands = grants === 1 ? "1 grant stands" : `${grants} grants stand`;
  return `Ticket ${ticket} is closed by it. At the moment ${stands} on it.`;
}
