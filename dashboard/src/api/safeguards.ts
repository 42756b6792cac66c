import { queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import type { DecisionPointInput, DecisionPointTried, Safeguards } from "./types";

const APPLICATION = "/api/v1/applications/{application_id}";

export function safeguardsQuery(id: string) {
  return queryOptions({
    queryKey: ["safeguards", id],
    queryFn: ({ signal }) => {
      const params = { path: { application_id: id } };
      return answer(client.GET(`${APPLICATION}/safeguards`, { params, signal }));
    },
  });
}

export function setDecisionPoint(id: string, body: DecisionPointInput): Promise<Safeguards> {
  const params = { path: { application_id: id } };
  return answer(client.PUT(`${APPLICATION}/decision-point`, { params, body }));
}

export function removeDecisionPoint(id: string): Promise<Safeguards> {
  const params = { path: { application_id: id } };
  return answer(client.DELETE(`${APPLICATION}/decision-point`, { params }));
}

export function tryDecisionPoint(
  id: string,
  body: DecisionPointInput,
): Promise<DecisionPointTried> {
  const params = { path: { application_id: id } };
  return answer(client.POST(`${APPLICATION}/decision-point/try`, { params, body }));
}

export function confirmLoosening(id: string, change: string): Promise<Safeguards> {
  const params = { path: { application_id: id, change_id: change } };
  return answer(client.POST(`${APPLICATION}/safeguards/{change_id}/confirm`, { params }));
}

export function withdrawLoosening(id: string, change: string): Promise<Safeguards> {
  const params = { path: { application_id: id, change_id: change } };
  return answer(client.POST(`${APPLICATION}/safeguards/{change_id}/withdraw`, { params }));
}
