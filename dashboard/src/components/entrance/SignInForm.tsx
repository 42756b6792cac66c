import { Button, PasswordInput, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Problem } from "../../ui/Problem";
import classes from "./Entrance.module.css";

interface Props {
  busy: boolean;
  error: unknown;
  onSubmit: (email: string, password: string) => void;
}

export function SignInForm({ busy, error, onSubmit }: Props) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit(email.trim(), password);
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        label="E-mail"
        type="email"
        size="md"
        autoComplete="username"
        required
        withAsterisk={false}
        data-autofocus
        autoFocus
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <PasswordInput
        label="Password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Problem error={error} />
      <Button type="submit" size="md" loading={busy}>
        Sign in
      </Button>
    </form>
  );
}
