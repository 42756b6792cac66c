/** Bytes as text that everybody reads alike. */

import { Unbound } from "./unbound.ts";

const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const ESCAPED = /%([0-9a-f]{2})/gi;

/**
 * `bytes` as text.
 *
 * @throws {Unbound} they are not UTF-8.
 */
export function strictText(bytes: Uint8Array): string {
  try {
    return UTF_8.decode(bytes);
  } catch {
    throw new Unbound();
  }
}

/**
 * `text`, which is ASCII, with its escapes and plus signs decoded.
 *
 * @throws {Unbound} they are not UTF-8.
 */
export function unescaped(text: string): string {
  const bytes = text
    .replaceAll("+", " ")
    .replace(ESCAPED, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
  return strictText(Buffer.from(bytes, "latin1"));
}
