import { Button, Group, Loader } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { answerTakeOver, inspectTakeOver } from "../api/me";
import { ApiProblem } from "../api/problem";
import { Entrance } from "../components/entrance/Entrance";
import { useLinkToken } from "../hooks/use-link-token";
import { ErrorState } from "../ui/ErrorState";
import { Stamp } from "../ui/Moment";
import { Notice } from "../ui/Notice";
import { Problem } from "../ui/Problem";

export const Route = createLazyRoute("/own-accounts/taken-over")({ component: TakenOverPage });

function TakenOverPage() {
  const token = useLinkToken();
  return (
    <Entrance title="Was it you?" lead="Somebody has got into an account by a fresh link.">
      {token === null ? <Dead /> : <Ask token={token} />}
    </Entrance>
  );
}

/** Nothing happens by opening the page: programs that look at mail open links as well. */
function Ask({ token }: { token: string }) {
  // The key names no token: what is cached shows up in developer tools.
  const asked = useQuery({
    queryKey: ["take-over"],
    queryFn: () => inspectTakeOver(token),
    retry: false,
  });
  const said = useMutation({ mutationFn: (mine: boolean) => answerTakeOver(token, mine) });
  if (said.isSuccess) return <Said mine={said.variables} />;
  if (asked.error instanceof ApiProblem && asked.error.status < 500) return <Dead />;
  if (asked.error) {
    return <ErrorState page error={asked.error} onRetry={() => void asked.refetch()} />;
  }
  if (asked.data === undefined) return <Loader mt="xl" aria-label="Looking at the link" />;
  return (
    <>
      <p>
        A new password was set for <b>{asked.data.email}</b> on{" "}
        <Stamp at={asked.data.taken_over_at} />. Until somebody says that it was its owner, all that
        the account does is marked in the log.
      </p>
      <p>If it was somebody else, they are out at once, and nobody can sign in to it.</p>
      <Problem error={said.error} />
      <Group mt="lg">
        <Button loading={said.isPending} onClick={() => said.mutate(true)}>
          It was me
        </Button>
        <Button
          variant="light"
          color="claret"
          loading={said.isPending}
          onClick={() => said.mutate(false)}
        >
          It was somebody else
        </Button>
      </Group>
    </>
  );
}

function Said({ mine }: { mine: boolean }) {
  if (mine) {
    return (
      <Notice tone="good" title="Thank you">
        <p>From now on the account is marked no more.</p>
      </Notice>
    );
  }
  return (
    <Notice tone="bad" title="Whoever it was is out">
      <p>
        Their password is gone, and what they had begun has ended. Tell your admins; ask somebody
        else than who made that link for a new one.
      </p>
    </Notice>
  );
}

function Dead() {
  return (
    <Notice tone="calm" title="This link no longer works">
      <p>It is used, older than three days, or incomplete. Another admin can confirm instead.</p>
    </Notice>
  );
}
