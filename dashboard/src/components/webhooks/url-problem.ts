/**
 * What is plainly wrong with a receiver's address. Whether it is public, and may be called, only
 * the service can tell.
 */
export function receiverProblem(text: string): string | null {
  if (!URL.canParse(text.trim())) return "A whole address, with https://";
  const { protocol, hash, username } = new URL(text.trim());
  if (protocol !== "https:" && protocol !== "http:") return "A whole address, with https://";
  return hash !== "" || username !== "" ? "Without a fragment or a user" : null;
}
