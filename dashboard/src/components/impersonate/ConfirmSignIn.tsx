import { Button, Group, PasswordInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { confirmPassword, meQuery } from "../../api/me";
import { signInAddress } from "../../api/staff";
import { useMe } from "../../hooks/use-me";
import { Problem } from "../../ui/Problem";
import classes from "./ConfirmSignIn.module.css";

interface Props {
  /** The page of the dashboard to come back to from the app's own sign-in. */
  next: string;
  onConfirmed: () => void;
  onCancel: () => void;
}

/**
 * Asks for the password in the app, or for a fresh sign-in there, before somebody begins to work as a
 * user: whoever finds an open browser shall not be able to.
 */
export function ConfirmSignIn({ next, onConfirmed, onCancel }: Props) {
  const me = useMe();
  const queryClient = useQueryClient();
  const [password, setPassword] = useState("");
  const confirm = useMutation({
    mutationFn: () => confirmPassword(password),
    onSuccess: (confirmed) => {
      queryClient.setQueryData(meQuery.queryKey, confirmed);
      onConfirmed();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!confirm.isPending) confirm.mutate();
  };
  const address = signInAddress(me.sign_in_at ?? "/", next);
  const back = (
    <Button variant="default" onClick={onCancel}>
      Not now
    </Button>
  );
  if (!me.confirms_password) {
    return (
      <div className={classes.form}>
        <p className={classes.lead}>
          You signed in some time ago. Sign in again in the app; then you come back to this page.
        </p>
        <Group justify="flex-end">
          {back}
          <Button component="a" href={address}>
            Sign in again in the app
          </Button>
        </Group>
      </div>
    );
  }
  return (
    <form className={classes.form} onSubmit={submit}>
      <p className={classes.lead}>
        You signed in some time ago. Enter the password that you have in the app, or{" "}
        <a href={address}>sign in again in the app</a> and come back to this page.
      </p>
      <PasswordInput
        label="Your password in the app"
        autoComplete="current-password"
        required
        withAsterisk={false}
        data-autofocus
        autoFocus
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Problem error={confirm.error} />
      <Group justify="flex-end">
        {back}
        <Button type="submit" loading={confirm.isPending}>
          Confirm
        </Button>
      </Group>
    </form>
  );
}
