import { queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import type { Policies, PolicyFault, Simulate, Simulated } from "./types";

const PATH = "/api/v1/applications/{application_id}/policies";

export function policiesQuery(id: string) {
  return queryOptions({
    queryKey: ["policies", id],
    queryFn: ({ signal }) =>
      answer(client.GET(PATH, { params: { path: { application_id: id } }, signal })),
  });
}

export function policyVersionsQuery(id: string) {
  return queryOptions({
    queryKey: ["policies", id, "versions"],
    queryFn: ({ signal }) =>
      answer(client.GET(`${PATH}/versions`, { params: { path: { application_id: id } }, signal })),
    select: (page) => page.items,
  });
}

/** `replaces` is the version that was on the screen, so that nobody else's change is lost. */
export function putPolicies(id: string, text: string, replaces: number | null): Promise<Policies> {
  const params = { path: { application_id: id } };
  return answer(client.PUT(PATH, { params, body: { text, replaces } }));
}

export async function checkPolicies(id: string, text: string): Promise<PolicyFault[]> {
  const params = { path: { application_id: id } };
  const { faults } = await answer(client.POST(`${PATH}/check`, { params, body: { text } }));
  return faults;
}

export function confirmPolicies(id: string, version: number): Promise<Policies> {
  const params = { path: { application_id: id, version } };
  return answer(client.POST(`${PATH}/versions/{version}/confirm`, { params }));
}

export function withdrawPolicies(id: string, version: number): Promise<Policies> {
  const params = { path: { application_id: id, version } };
  return answer(client.POST(`${PATH}/versions/{version}/withdraw`, { params }));
}

export function simulate(id: string, body: Simulate): Promise<Simulated> {
  const params = { path: { application_id: id } };
  return answer(client.POST(`${PATH}/simulate`, { params, body }));
}
