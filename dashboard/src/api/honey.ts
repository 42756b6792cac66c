import { queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import type { HoneyUser } from "./types";

function about(applicationId: string, subjectId: string) {
  return { path: { subject_id: subjectId }, query: { application_id: applicationId } };
}

/** Whether a user is one whom nobody has a reason to become; only admins are told. */
export function honeyQuery(applicationId: string, subjectId: string) {
  return queryOptions({
    queryKey: ["honey", applicationId, subjectId],
    queryFn: ({ signal }) => {
      const params = about(applicationId, subjectId);
      return answer(client.GET("/api/v1/honey-users/{subject_id}", { params, signal }));
    },
  });
}

export function setHoney(
  applicationId: string,
  subjectId: string,
  honey: boolean,
): Promise<HoneyUser> {
  const params = about(applicationId, subjectId);
  return answer(client.PUT("/api/v1/honey-users/{subject_id}", { params, body: { honey } }));
}
