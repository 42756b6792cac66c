import { useMutation } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { type NewAccount, setUp } from "../api/me";
import { AccountForm } from "../components/entrance/AccountForm";
import { Entrance } from "../components/entrance/Entrance";
import { useEnter } from "../hooks/use-enter";
import { useLinkToken } from "../hooks/use-link-token";
import { Notice } from "../ui/Notice";

export const Route = createLazyRoute("/own-accounts/setup")({ component: SetUp });

function SetUp() {
  const token = useLinkToken();
  const enter = useEnter();
  const attempt = useMutation({
    mutationFn: (account: NewAccount) => setUp(token ?? "", account),
    onSuccess: (me) => enter(me),
  });
  if (token === null) {
    return (
      <Entrance title="Set up Understudy">
        <Notice tone="calm" title="The link is missing its token">
          <p>
            Open the link that the first start of <code>understudy serve</code> printed, all of it.
          </p>
        </Notice>
      </Entrance>
    );
  }
  return (
    <Entrance
      title="Set up Understudy"
      lead="You are the first admin. Admins set the rules and invite the team; they do not impersonate."
    >
      <AccountForm
        action="Create the first account"
        busy={attempt.isPending}
        error={attempt.error}
        onSubmit={(account) => attempt.mutate(account)}
      />
    </Entrance>
  );
}
