import { keep, kept } from "../../people.mjs";

export async function POST() {
  const { visits = 0, ...rest } = await kept();
  await keep({ ...rest, visits: visits + 1 });
  return Response.json({ visits: visits + 1 });
}
