import { queryOptions } from "@tanstack/react-query";
import { answer, client, done } from "./client";
import type { Invitation, Me, TakeOver } from "./types";

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: () => answer(client.GET("/api/v1/me")),
  staleTime: 60_000,
});

export function signIn(email: string, password: string): Promise<Me> {
  return answer(client.POST("/api/v1/sign-in", { body: { email, password } }));
}

export function signOut(): Promise<void> {
  return done(client.POST("/api/v1/sign-out"));
}

export function signOutEverywhere(): Promise<void> {
  return done(client.POST("/api/v1/sign-out-everywhere"));
}

export function changePassword(current: string, chosen: string): Promise<Me> {
  const body = { current_password: current, new_password: chosen };
  return answer(client.POST("/api/v1/me/password", { body }));
}

/** Says the password that one has in the app again; the sign-in is as good as a fresh one then. */
export function confirmPassword(password: string): Promise<Me> {
  return answer(client.POST("/api/v1/me/confirm", { body: { password } }));
}

export interface NewAccount {
  email: string;
  name: string;
  password: string;
}

export function setUp(token: string, account: NewAccount): Promise<Me> {
  return answer(client.POST("/api/v1/setup", { body: { token, ...account } }));
}

export function inspectInvitation(token: string): Promise<Invitation> {
  return answer(client.POST("/api/v1/invitations/inspect", { body: { token } }));
}

export function inspectTakeOver(token: string): Promise<TakeOver> {
  return answer(client.POST("/api/v1/take-overs/inspect", { body: { token } }));
}

export function answerTakeOver(token: string, mine: boolean): Promise<void> {
  return done(client.POST("/api/v1/take-overs/answer", { body: { token, mine } }));
}

export function acceptInvitation(token: string, account: NewAccount): Promise<Me> {
  const { name, password } = account;
  return answer(client.POST("/api/v1/invitations/accept", { body: { token, name, password } }));
}
