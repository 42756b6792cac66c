import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, client, done, once } from "./client";
import type {
  CreateWebhook,
  Delivery,
  DeliveryStatus,
  UpdateWebhook,
  Webhook,
  WebhookSecret,
} from "./types";

const PAGE = 50;

export function webhooksQuery(applicationId: string) {
  return queryOptions({
    queryKey: ["webhooks", "list", applicationId],
    queryFn: ({ signal }) => {
      const query = { application_id: applicationId };
      return answer(client.GET("/api/v1/webhooks", { params: { query }, signal }));
    },
    select: (page) => page.items,
  });
}

export function webhookQuery(endpointId: string) {
  return queryOptions({
    queryKey: ["webhooks", endpointId],
    queryFn: ({ signal }) => {
      const params = { path: { endpoint_id: endpointId } };
      return answer(client.GET("/api/v1/webhooks/{endpoint_id}", { params, signal }));
    },
  });
}

export function createWebhook(body: CreateWebhook): Promise<WebhookSecret> {
  return answer(client.POST("/api/v1/webhooks", { body, headers: once() }));
}

export function updateWebhook(endpointId: string, body: UpdateWebhook): Promise<Webhook> {
  const params = { path: { endpoint_id: endpointId } };
  return answer(client.PATCH("/api/v1/webhooks/{endpoint_id}", { params, body }));
}

export function deleteWebhook(endpointId: string): Promise<void> {
  const params = { path: { endpoint_id: endpointId } };
  return done(client.DELETE("/api/v1/webhooks/{endpoint_id}", { params }));
}

export function rotateWebhookSecret(
  endpointId: string,
  overlapMinutes: number,
): Promise<WebhookSecret> {
  const params = { path: { endpoint_id: endpointId } };
  const body = { overlap_minutes: overlapMinutes };
  return answer(client.POST("/api/v1/webhooks/{endpoint_id}/rotate-secret", { params, body }));
}

export function testWebhook(endpointId: string): Promise<Delivery> {
  const params = { path: { endpoint_id: endpointId } };
  return answer(client.POST("/api/v1/webhooks/{endpoint_id}/test", { params }));
}

export function deliveriesQuery(endpointId: string, status: DeliveryStatus | undefined) {
  return infiniteQueryOptions({
    queryKey: ["deliveries", endpointId, "list", status],
    queryFn: ({ pageParam, signal }) => {
      const params = {
        path: { endpoint_id: endpointId },
        query: { limit: PAGE, ...(status && { status }), ...(pageParam && { cursor: pageParam }) },
      };
      return answer(client.GET("/api/v1/webhooks/{endpoint_id}/deliveries", { params, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
}

export function deliveryQuery(endpointId: string, deliveryId: string) {
  return queryOptions({
    queryKey: ["deliveries", endpointId, deliveryId],
    queryFn: ({ signal }) => {
      const params = { path: { endpoint_id: endpointId, delivery_id: deliveryId } };
      return answer(
        client.GET("/api/v1/webhooks/{endpoint_id}/deliveries/{delivery_id}", { params, signal }),
      );
    },
  });
}

export function replayDelivery(endpointId: string, deliveryId: string): Promise<Delivery> {
  const params = { path: { endpoint_id: endpointId, delivery_id: deliveryId } };
  return answer(
    client.POST("/api/v1/webhooks/{endpoint_id}/deliveries/{delivery_id}/replay", { params }),
  );
}
