import { strip } from "./core/letters.ts";

/** What a Content-Type says in lower case, without its parameters. */
export function mediaType(contentType: string): string {
  const [media = ""] = contentType.split(";", 1);
  return strip(media).toLowerCase();
}
