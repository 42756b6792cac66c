import { forbidWhileImpersonating } from "@understudy/node";

export async function POST() {
  forbidWhileImpersonating();
  return Response.json({ changed: true });
}
