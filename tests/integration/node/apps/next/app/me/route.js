import { currentUser } from "../../people.mjs";

export const GET = async () => Response.json({ me: (await currentUser())?.name ?? null });
