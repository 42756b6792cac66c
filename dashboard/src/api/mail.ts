import { queryOptions } from "@tanstack/react-query";
import { answer, client, done } from "./client";
import type { MailServer, MailTest, SetMailServer } from "./types";

export const mailServerQuery = queryOptions({
  queryKey: ["mail-server"],
  queryFn: ({ signal }) => answer(client.GET("/api/v1/mail-server", { signal })),
});

export function setMailServer(body: SetMailServer): Promise<MailServer> {
  return answer(client.PUT("/api/v1/mail-server", { body }));
}

export function removeMailServer(): Promise<void> {
  return done(client.DELETE("/api/v1/mail-server"));
}

export function testMailServer(): Promise<MailTest> {
  return answer(client.POST("/api/v1/mail-server/test"));
}
