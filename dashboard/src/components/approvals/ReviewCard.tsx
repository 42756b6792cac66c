import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { closeReview } from "../../api/approvals";
import type { Review } from "../../api/types";
import { Facts } from "../../ui/Facts";
import { Ago } from "../../ui/Moment";
import { NoteForm } from "../../ui/NoteForm";
import { notify } from "../../ui/notify";
import { Panel } from "../../ui/Panel";
import { Pill } from "../../ui/Pill";
import { nameOf } from "../../wording/people";
import { SCOPES } from "../../wording/sessions";
import { RefusalNotice } from "../impersonate/RefusalNotice";
import classes from "./Approvals.module.css";

/** What was done without approval, and the way to close its review. */
export function ReviewCard({ review }: { review: Review }) {
  const { grant, application, closable } = review;
  return (
    <li>
      <Panel>
        <div className={classes.head}>
          <p className={classes.who}>
            {nameOf(grant.actor)} went ahead as {nameOf(grant.subject)}
          </p>
          <Pill tone="bad">Without approval</Pill>
        </div>
        <p className={classes.why}>{grant.reason}</p>
        <Facts
          facts={[
            ["Application", application],
            ["Asked", <Ago key="asked" at={review.opened_at} />],
            ["Ticket", grant.ticket],
            ["Scope", SCOPES[grant.scope].name],
            ["Minutes", grant.minutes],
            [
              "What was done",
              <Link
                key="done"
                to="/users/$subjectId"
                params={{ subjectId: grant.subject.id }}
                search={{ application_id: grant.application_id }}
              >
                The user’s history
              </Link>,
            ],
          ]}
        />
        {closable && <Close review={review} />}
      </Panel>
    </li>
  );
}

function Close({ review }: { review: Review }) {
  const queryClient = useQueryClient();
  const close = useMutation({
    mutationFn: (note: string) => closeReview(review.id, note),
    onSuccess: () => notify("The review is closed."),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["grants"] }),
  });
  return (
    <NoteForm
      label="What you found"
      deed="Close the review"
      busy={close.isPending}
      onSubmit={(note) => close.mutate(note)}
      problem={<RefusalNotice error={close.error} />}
    />
  );
}
