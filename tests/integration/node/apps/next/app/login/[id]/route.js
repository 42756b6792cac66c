import { keep } from "../../../people.mjs";

export async function POST(_, { params }) {
  await keep(await params);
  return Response.json({});
}
