import { currentUser } from "../../people.mjs";

export async function POST(request) {
  const { plan } = await request.json();
  return Response.json({ plan, of: (await currentUser())?.name });
}
