import type { ReactElement } from "react";
import { changePassword } from "../api.ts";
import { Form } from "../Form.tsx";

export function Settings(): ReactElement {
  return (
    <>
      <h1>Settings</h1>
      <Form
        label="Change password"
        done="In an example everybody keeps the same password."
        send={(typed) => changePassword(typed("password"))}
      >
        <label>
          New password{" "}
          <input name="password" type="password" autoComplete="new-password" required />
        </label>
      </Form>
    </>
  );
}
