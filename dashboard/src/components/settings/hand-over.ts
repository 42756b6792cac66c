import type { Application } from "../../api/types";

const TYPES = { b2b: "multi_tenant_impersonation", consumer: "impersonation" } as const;

/** What a launch opens when the token travels in the address; the token itself is left out. */
export function handedOver(vertical: Application["vertical"], redirectUrl: string): string {
  const url = redirectUrl.trim() || "https://app.example.com/authenticate";
  const joint = url.includes("?") ? "&" : "?";
  return `${url}${joint}stytch_token_type=${TYPES[vertical]}&token=…`;
}
