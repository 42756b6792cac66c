import { Button, PasswordInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { changePassword, meQuery } from "../../api/me";
import { PASSWORD_ASKED } from "../../api/query-client";
import { notify } from "../../ui/notify";
import { Problem } from "../../ui/Problem";
import { passwordProblem } from "../entrance/password";
import classes from "./Account.module.css";

export function PasswordForm() {
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: { current: "", chosen: "" },
    validate: {
      current: (value) => (value === "" ? "The one that you sign in with now" : null),
      chosen: (value, { current }) =>
        value === current && value !== "" ? "This is the present one" : passwordProblem(value),
    },
  });
  const change = useMutation({
    mutationFn: () => changePassword(form.values.current, form.values.chosen),
    meta: PASSWORD_ASKED,
    onSuccess: (me) => {
      queryClient.setQueryData(meQuery.queryKey, me);
      form.reset();
      notify("Password changed. You are signed out everywhere else.");
    },
  });
  return (
    <form className={classes.form} onSubmit={form.onSubmit(() => change.mutate())} noValidate>
      <PasswordInput
        label="Present password"
        autoComplete="current-password"
        {...form.getInputProps("current")}
      />
      <PasswordInput
        label="New password"
        description="At least 12 characters."
        autoComplete="new-password"
        {...form.getInputProps("chosen")}
      />
      <Problem error={change.error} />
      <div>
        <Button type="submit" loading={change.isPending}>
          Change password
        </Button>
      </div>
    </form>
  );
}
