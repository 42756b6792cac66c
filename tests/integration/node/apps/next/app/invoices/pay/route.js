export const POST = async () => Response.json({ paid: true });
