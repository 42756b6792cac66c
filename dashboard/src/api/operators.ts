import { queryOptions } from "@tanstack/react-query";
import { answer, client, done, once } from "./client";
import type { InviteOperator, Operator, OperatorInvited, UpdateOperator } from "./types";

export const operatorsQuery = queryOptions({
  queryKey: ["operators"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/operators", { signal })),
  select: (page) => page.items,
});

/** What an operator was permitted and refused in so many days. */
export function operatorUseQuery(operatorId: string, days: number) {
  return queryOptions({
    queryKey: ["operators", operatorId, "use", days],
    queryFn: ({ signal }) => {
      const params = { path: { operator_id: operatorId }, query: { days } };
      return answer(client.GET("/api/v1/operators/{operator_id}/use", { params, signal }));
    },
  });
}

export const rolesQuery = queryOptions({
  queryKey: ["roles"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/roles", { signal })),
  select: (page) => page.items,
  staleTime: Number.POSITIVE_INFINITY,
});

export function inviteOperator(body: InviteOperator): Promise<OperatorInvited> {
  return answer(client.POST("/api/v1/operators", { body, headers: once() }));
}

export function inviteAgain(operatorId: string): Promise<OperatorInvited> {
  const params = { path: { operator_id: operatorId } };
  return answer(client.POST("/api/v1/operators/{operator_id}/invite", { params, headers: once() }));
}

export function updateOperator(operatorId: string, body: UpdateOperator): Promise<Operator> {
  const params = { path: { operator_id: operatorId } };
  return answer(client.PATCH("/api/v1/operators/{operator_id}", { params, body }));
}

export function confirmOwner(operatorId: string): Promise<Operator> {
  const params = { path: { operator_id: operatorId } };
  return answer(client.POST("/api/v1/operators/{operator_id}/confirm-owner", { params }));
}

export function signOutOperator(operatorId: string): Promise<void> {
  const params = { path: { operator_id: operatorId } };
  return done(client.POST("/api/v1/operators/{operator_id}/sign-out", { params }));
}
