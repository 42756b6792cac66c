import { useQuery } from "@tanstack/react-query";
import { meQuery } from "../api/me";
import type { Grant, Me, Permission, Session } from "../api/types";

/** The signed-in operator. Only for pages below the shell, whose route has loaded it. */
export function useMe(): Me {
  const { data } = useQuery(meQuery);
  if (data === undefined) throw new Error("This page is shown to signed-in operators only.");
  return data;
}

/** Whether a session or grant is one's own; an actor whom an application named is somebody else. */
export function isOwn({ actor }: Session | Grant, me: Me): boolean {
  return actor.kind === "operator" && actor.id === me.id;
}

/** Whether the operator may do this. The service decides again; this only spares a refusal. */
export function useMay(permission: Permission): boolean {
  return useMe().permissions.includes(permission);
}

/** Whether users are changed here; where the dashboard lies in an app, its own table has them. */
export function useMayChangeUsers(): boolean {
  const { signed_in_by } = useMe();
  return useMay("directory.write") && signed_in_by !== "app";
}
