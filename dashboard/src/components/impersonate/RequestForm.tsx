import { TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { type FormEvent, useRef, useState } from "react";
import { startImpersonation } from "../../api/impersonations";
import { isSignedOut, Unreachable } from "../../api/problem";
import { wantsRecentSignIn } from "../../api/recent-sign-in";
import type { Grant, Settings, Subject } from "../../api/types";
import { printSearch } from "../../router/plain";
import { Face } from "../../ui/Face";
import { FormButtons } from "../../ui/FormButtons";
import { nameOf } from "../../wording/people";
import { AlreadyIn } from "./AlreadyIn";
import { ApprovalField } from "./ApprovalField";
import { AskUser, lacksConsent } from "./AskUser";
import { BlockedList } from "./BlockedList";
import { ConfirmSignIn } from "./ConfirmSignIn";
import { LimitFields } from "./LimitFields";
import { ReasonField } from "./ReasonField";
import { RefusalNotice } from "./RefusalNotice";
import classes from "./RequestForm.module.css";
import {
  type Draft,
  type DraftProblems,
  draftProblems,
  firstDraft,
  type Prefill,
  requestBody,
} from "./request";

interface Props {
  subject: Subject;
  settings: Settings;
  prefill: Prefill;
  onGranted: (grant: Grant) => void;
  onCancel: () => void;
}

/** The request: why, how long, how far. A refusal is shown here, and nothing typed is lost. */
export function RequestForm({ subject, settings, prefill, onGranted, onCancel }: Props) {
  const queryClient = useQueryClient();
  const router = useRouter();
  const reason = useRef<HTMLTextAreaElement>(null);
  const ticket = useRef<HTMLInputElement>(null);
  const key = useRef<string>(crypto.randomUUID());
  const [draft, setDraft] = useState<Draft>(() => firstDraft(settings, prefill));
  const [problems, setProblems] = useState<DraftProblems>({});
  const request = useMutation({
    mutationFn: () => startImpersonation(requestBody(draft, subject), key.current),
    onSuccess: onGranted,
    onError: (error) => {
      // Without an answer the request may have got through: only then is it sent as the same one.
      if (!(error instanceof Unreachable)) key.current = crypto.randomUUID();
      keepDraft(error);
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["grants"] }),
  });
  // The way back from a sign-in leads to this very dialog, as it is filled in now.
  function filledIn(): string {
    const { pathname } = router.buildLocation({
      to: "/users/$subjectId",
      params: { subjectId: subject.id },
    });
    const { application_id } = subject;
    const { reason, ticket } = draft;
    return pathname + printSearch({ application_id, impersonate: true, reason, ticket });
  }
  function keepDraft(error: unknown): void {
    if (!isSignedOut(error)) return;
    void router.navigate({ to: "/sign-in", search: { next: filledIn() }, replace: true });
  }
  const change = (part: Partial<Draft>) => {
    key.current = crypto.randomUUID();
    setDraft({ ...draft, ...part });
    setProblems({});
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (request.isPending) return;
    const found = draftProblems(draft, settings);
    setProblems(found);
    if (found.reason !== undefined) reason.current?.focus();
    else if (found.ticket !== undefined) ticket.current?.focus();
    else request.mutate();
  };
  const asksOthers = settings.approval.quorum > 0 && !draft.breakGlass;
  if (wantsRecentSignIn(request.error)) {
    return (
      <ConfirmSignIn
        next={filledIn()}
        onConfirmed={() => request.mutate()}
        onCancel={() => request.reset()}
      />
    );
  }
  return (
    <form className={classes.form} onSubmit={submit} noValidate>
      <div className={classes.who}>
        <span className={classes.account}>
          <Face id={subject.id} name={nameOf(subject)} />
          {subject.email ?? subject.id}
        </span>
        {subject.organization !== null && (
          <span className={classes.organization}>{subject.organization.name}</span>
        )}
      </div>
      <AlreadyIn subject={subject} />
      <ReasonField
        ref={reason}
        value={draft.reason}
        minimum={settings.reason_min_length}
        problem={problems.reason}
        onChange={(value) => change({ reason: value })}
      />
      <TextInput
        ref={ticket}
        label="Ticket"
        placeholder="#4812 or a link"
        required={settings.ticket_required}
        {...(!settings.ticket_required && { description: "Optional. Shown with the session." })}
        error={problems.ticket}
        value={draft.ticket}
        onChange={(event) => change({ ticket: event.currentTarget.value })}
      />
      <LimitFields draft={draft} settings={settings} onChange={change} />
      <ApprovalField draft={draft} settings={settings} onChange={change} />
      <BlockedList settings={settings} />
      <RefusalNotice error={request.error} />
      {lacksConsent(request.error) && <AskUser body={requestBody(draft, subject)} />}
      <FormButtons mt="xs" busy={request.isPending} onClose={onCancel}>
        {asksOthers ? "Ask for approval" : "Impersonate"}
      </FormButtons>
    </form>
  );
}
