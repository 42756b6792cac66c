import { queryOptions } from "@tanstack/react-query";
import { answer, client, done } from "./client";
import type { SetTicketHook, TicketHook, TicketHookSecret, TicketNewsRead } from "./types";

const PATH = "/api/v1/applications/{application_id}/ticket-hook";

/** From which help desk an application hears of closed tickets; null while from none. */
export function ticketHookQuery(applicationId: string) {
  return queryOptions({
    queryKey: ["applications", applicationId, "ticket-hook"],
    queryFn: async ({ signal }): Promise<TicketHook | null> => {
      const params = { path: { application_id: applicationId } };
      const { shape, path, set_at } = await answer(client.GET(PATH, { params, signal }));
      return shape === null || set_at === null ? null : { shape, path, set_at };
    },
  });
}

export function setTicketHook(
  applicationId: string,
  body: SetTicketHook,
): Promise<TicketHookSecret> {
  return answer(client.PUT(PATH, { params: { path: { application_id: applicationId } }, body }));
}

export function removeTicketHook(applicationId: string): Promise<void> {
  return done(client.DELETE(PATH, { params: { path: { application_id: applicationId } } }));
}

/** What would be read in a message; nothing ends. */
export function readTicketNews(applicationId: string, message: string): Promise<TicketNewsRead> {
  const params = { path: { application_id: applicationId } };
  return answer(client.POST(`${PATH}/test`, { params, body: { message } }));
}
