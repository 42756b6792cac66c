import { Button, Group, TextInput } from "@mantine/core";
import { IconMessageQuestion } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { askUser, consentRequestQuery, redeemCode } from "../../api/consents";
import { ApiProblem } from "../../api/problem";
import type { AskUser as Asked, AskedConsent } from "../../api/types";
import { Notice } from "../../ui/Notice";
import { Problem } from "../../ui/Problem";

/** Whether a start was refused for nothing but that the user has not agreed. */
export function lacksConsent(error: unknown): boolean {
  return error instanceof ApiProblem && error.rule === "consent_missing";
}

/** Puts the request to the user, and waits for their answer. */
export function AskUser({ body }: { body: Asked }) {
  const ask = useMutation({ mutationFn: () => askUser(body) });
  if (ask.data !== undefined) return <Waiting request={ask.data} />;
  return (
    <>
      <Button
        variant="light"
        leftSection={<IconMessageQuestion size={18} aria-hidden="true" />}
        loading={ask.isPending}
        onClick={() => ask.mutate()}
      >
        Ask the user
      </Button>
      <Problem error={ask.error} />
    </>
  );
}

const ANSWERED = {
  allowed: "They agreed. Press Impersonate.",
  declined: "They do not agree.",
  superseded: "You have asked them something else since.",
};

function Waiting({ request }: { request: AskedConsent }) {
  const { data = request } = useQuery({
    ...consentRequestQuery(request.id),
    initialData: request,
  });
  if (data.state !== "pending") {
    return (
      <div role="status">
        <Notice tone={data.state === "allowed" ? "good" : "bad"} title={ANSWERED[data.state]} />
      </div>
    );
  }
  return (
    <div role="status">
      <Notice tone="calm" title="The user sees your request in the app">
        If you speak with them, read out this number: <strong>{data.digits}</strong>. They see the
        same beside <em>Allow</em>.
        <CodeField requestId={data.id} />
      </Notice>
    </div>
  );
}

function CodeField({ requestId }: { requestId: string }) {
  const queryClient = useQueryClient();
  const [code, setCode] = useState("");
  const redeem = useMutation({
    mutationFn: () => redeemCode(requestId, code),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["consent-requests", requestId] }),
  });
  return (
    <>
      <Group align="end" gap="xs" mt="sm">
        <TextInput
          label="Or the code that they read to you"
          placeholder="HELP 1234 5678"
          autoComplete="off"
          value={code}
          onChange={({ currentTarget }) => setCode(currentTarget.value)}
        />
        <Button
          variant="default"
          disabled={code.trim() === ""}
          loading={redeem.isPending}
          onClick={() => redeem.mutate()}
        >
          Use code
        </Button>
      </Group>
      <Problem error={redeem.error} />
    </>
  );
}
