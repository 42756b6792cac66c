/** What is recorded, as the service takes it: nothing that a browser sends may spoil a batch. */

import { cleaned, isPrintable } from "./core/text.ts";
import type { RecordedAction } from "./values.ts";

export const PATH_LENGTH = 2_000;
const ROUTE_LENGTH = 500;
const ADDRESS_LENGTH = 64;
const USER_AGENT_LENGTH = 500;
export const OTHER_METHOD = "OTHER";
const METHOD = /^[A-Z]{1,20}$/;

/** `action` without what the service would refuse. */
export function cleanAction(action: RecordedAction): RecordedAction {
  const { method, path, route, address, userAgent } = action;
  return {
    ...action,
    method: METHOD.test(method) ? method : OTHER_METHOD,
    path: cleanText(path, PATH_LENGTH) || "/",
    route: route && cleanText(route, ROUTE_LENGTH),
    address: address && cleanText(address, ADDRESS_LENGTH),
    userAgent: userAgent && cleanText(userAgent, USER_AGENT_LENGTH),
  };
}

/** At most `limit` characters of `text`, all on one line and each of them text. */
export function cleanText(text: string, limit: number): string {
  // Nearly all of it is, and each request of a session pays for this look.
  if (text.length <= limit && isPrintable(text)) return text;
  // By characters as the service counts them, and none of them cut in two.
  const start =
    text.length <= limit ? text : [...text.slice(0, 2 * limit)].slice(0, limit).join("");
  return cleaned(start).replaceAll(/[\n\u2028\u2029]/g, "\ufffd");
}

/** What is told of `action` when the service does not take its own words. */
export function standIn(action: RecordedAction): RecordedAction {
  return {
    ...action,
    method: OTHER_METHOD,
    path: "(refused by the service)",
    route: null,
    userAgent: null,
    reference: null,
  };
}
