import type { Webhook } from "../../api/types";

/** What an endpoint goes by: its description, else its host, with the address below. */
export function headingOf({ url, description }: Pick<Webhook, "url" | "description">): {
  title: string;
  below: string;
} {
  const host = URL.canParse(url) ? new URL(url).host : url;
  return { title: description.trim() || host, below: url };
}
