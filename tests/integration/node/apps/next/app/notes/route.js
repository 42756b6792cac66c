import { currentImpersonation } from "@understudy/node";
import { currentUser } from "../../people.mjs";

export async function POST() {
  const of = (await currentUser())?.name ?? null;
  return Response.json({ of, by: currentImpersonation()?.actor.id ?? null });
}
