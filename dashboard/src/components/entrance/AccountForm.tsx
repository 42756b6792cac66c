import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { NewAccount } from "../../api/me";
import { Problem } from "../../ui/Problem";
import classes from "./Entrance.module.css";
import { passwordProblem } from "./password";

interface Props {
  /** The address that an invitation is for; it cannot be changed. */
  email?: string | null;
  name?: string | null;
  action: string;
  busy: boolean;
  error: unknown;
  onSubmit: (account: NewAccount) => void;
}

/** Name and password of a new account. */
export function AccountForm({ email, name, action, busy, error, onSubmit }: Props) {
  const form = useForm({
    initialValues: { email: email ?? "", name: name ?? "", password: "" },
    validate: {
      email: (value) => (/^[^@\s]+@[^@\s]+$/.test(value.trim()) ? null : "An e-mail address"),
      name: (value) => (value.trim() === "" ? "Your name, as colleagues know it" : null),
      password: passwordProblem,
    },
  });
  const submit = form.onSubmit((account) =>
    onSubmit({ ...account, email: account.email.trim(), name: account.name.trim() }),
  );
  return (
    <form className={classes.form} onSubmit={submit} noValidate>
      <TextInput
        label="E-mail"
        type="email"
        size="md"
        autoComplete="username"
        readOnly={Boolean(email)}
        {...form.getInputProps("email")}
      />
      <TextInput label="Name" size="md" autoComplete="name" {...form.getInputProps("name")} />
      <PasswordInput
        label="Password"
        description="At least 12 characters. A few unrelated words are easy to keep."
        autoComplete="new-password"
        {...form.getInputProps("password")}
      />
      <Problem error={error} />
      <Button type="submit" size="md" loading={busy}>
        {action}
      </Button>
    </form>
  );
}
