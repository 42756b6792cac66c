import { Loader } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { acceptInvitation, inspectInvitation, type NewAccount } from "../api/me";
import { ApiProblem } from "../api/problem";
import { AccountForm } from "../components/entrance/AccountForm";
import { Entrance } from "../components/entrance/Entrance";
import { useEnter } from "../hooks/use-enter";
import { useLinkToken } from "../hooks/use-link-token";
import { ErrorState } from "../ui/ErrorState";
import { Notice } from "../ui/Notice";

export const Route = createLazyRoute("/own-accounts/invitation")({ component: InvitationPage });

function InvitationPage() {
  const token = useLinkToken();
  return (
    <Entrance title="Join the team" lead="Choose the name and the password that you sign in with.">
      {token === null ? <Dead /> : <Accept token={token} />}
    </Entrance>
  );
}

function Accept({ token }: { token: string }) {
  const enter = useEnter();
  // The key names no token: what is cached shows up in developer tools.
  const invitation = useQuery({
    queryKey: ["invitation"],
    queryFn: () => inspectInvitation(token),
    retry: false,
  });
  const attempt = useMutation({
    mutationFn: (account: NewAccount) => acceptInvitation(token, account),
    onSuccess: (me) => enter(me),
  });
  if (invitation.error instanceof ApiProblem && invitation.error.status < 500) return <Dead />;
  if (invitation.error) {
    return <ErrorState page error={invitation.error} onRetry={() => void invitation.refetch()} />;
  }
  if (invitation.data === undefined) return <Loader mt="xl" aria-label="Looking at the link" />;
  return (
    <AccountForm
      email={invitation.data.email}
      name={invitation.data.name}
      action="Join"
      busy={attempt.isPending}
      error={attempt.error}
      onSubmit={(account) => attempt.mutate(account)}
    />
  );
}

function Dead() {
  return (
    <Notice tone="calm" title="This link no longer works">
      <p>
        It is used, older than three days, or incomplete. Ask an admin for a new one under Team.
      </p>
    </Notice>
  );
}
