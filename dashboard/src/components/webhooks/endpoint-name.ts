import type { Webhook } from "../../api/types";

/** Where e-mail goes: to whoever may decide, whom no address names. */
export const MAIL_URL = "mailto:";

/** What an endpoint goes by: its description, else its host, with the address below. */
export function headingOf({ url, description }: Pick<Webhook, "url" | "description">): {
  title: string;
  below: string;
} {
  if (url === MAIL_URL) {
    return { title: description.trim() || "E-mail", below: "To operators who may decide" };
  }
  const host = URL.canParse(url) ? new URL(url).host : url;
  return { title: description.trim() || host, below: url };
}
