import type { ReactElement } from "react";
import { signIn } from "../api.ts";
import { Form } from "../Form.tsx";

export function SignIn(): ReactElement {
  return (
    <>
      <h1>Sign in</h1>
      <Form
        label="Sign in"
        send={(typed) => signIn(typed("email"), typed("password")).then(() => location.assign("/"))}
      >
        <label>
          E-mail <input name="email" type="email" autoComplete="username" required />
        </label>
        <label>
          Password{" "}
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
      </Form>
    </>
  );
}
