import { ImpersonateButton } from "@understudy/react";
import { type ReactElement, useEffect, useState } from "react";
import { getUsers, type Person } from "../api.ts";

/** For staff: everybody, and a way to see what they see. */
export function Users(): ReactElement {
  const [users, setUsers] = useState<readonly Person[]>([]);
  useEffect(() => void getUsers().then(setUsers), []);
  return (
    <>
      <h1>Users</h1>
      <ul className="card list">
        {users.map((user) => (
          <li key={user.id}>
            <span>
              {user.name}
              <small>
                {user.email} · {user.company}
              </small>
            </span>
            <ImpersonateButton subject={user}>
              Impersonate {user.name.split(" ")[0]}
            </ImpersonateButton>
          </li>
        ))}
      </ul>
    </>
  );
}
