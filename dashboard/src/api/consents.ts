import { queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import type { AskedConsent, AskUser, ConsentState } from "./types";

const ANSWER_POLL = 2_000;

/** Puts a request to a user, who sees it in the app. */
export function askUser(body: AskUser): Promise<AskedConsent> {
  return answer(client.POST("/api/v1/consent-requests", { body }));
}

/** What a user is asked for, and what they agreed to. */
export function consentStateQuery(applicationId: string, subjectId: string) {
  return queryOptions({
    queryKey: ["subjects", applicationId, subjectId, "consents"],
    queryFn: ({ signal }): Promise<ConsentState> => {
      const params = { path: { subject_id: subjectId }, query: { application_id: applicationId } };
      return answer(client.GET("/api/v1/subjects/{subject_id}/consents", { params, signal }));
    },
  });
}

/** What became of a request; asked again until the user has answered. */
export function consentRequestQuery(requestId: string) {
  return queryOptions({
    queryKey: ["consent-requests", requestId],
    queryFn: ({ signal }) => {
      const params = { path: { request_id: requestId } };
      return answer(client.GET("/api/v1/consent-requests/{request_id}", { params, signal }));
    },
    refetchInterval: ({ state }) => (state.data?.state === "pending" ? ANSWER_POLL : false),
  });
}

/** Says the code that the user has read out. */
export function redeemCode(requestId: string, code: string) {
  const params = { path: { request_id: requestId } };
  return answer(
    client.POST("/api/v1/consent-requests/{request_id}/redeem", { params, body: { code } }),
  );
}
