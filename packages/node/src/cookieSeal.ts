/**
 * The app's cookies of a session, as only the app itself can read them.
 *
 * An app that signs its user in within a session leaves a cookie that is the user. Copied by hand,
 * it would be so after the end, and in any browser.
 */

import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import type { Secret } from "./secret.ts";

const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What a value is sealed for: nothing else opens it. */
export interface Bound {
  readonly sessionId: string;
  readonly name: string;
}

/**
 * Seals values for one session and one name (AES-256-GCM, NIST SP 800-38D).
 *
 * `key` is the app's; any two of its processes share it. Values are headers' letters, of a byte
 * each.
 */
export class CookieSeal {
  readonly #key: Buffer;

  constructor(key: Secret) {
    this.#key = createHmac("sha256", key.reveal()).update("understudy own cookies").digest();
  }

  /** `value` in letters that a cookie may hold. */
  seal(value: string, bound: Bound): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonce).setAAD(boundTo(bound));
    const sealed = [cipher.update(value, "latin1"), cipher.final()];
    return Buffer.concat([nonce, ...sealed, cipher.getAuthTag()]).toString("base64url");
  }

  /** What was sealed; null when it was not, or for another session or name. */
  open(sealed: string, bound: Bound): string | null {
    const raw = Buffer.from(sealed, "base64url");
    if (raw.length < NONCE_BYTES + TAG_BYTES) return null;
    const nonce = raw.subarray(0, NONCE_BYTES);
    const cipher = createDecipheriv(CIPHER, this.#key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(boundTo(bound)).setAuthTag(raw.subarray(-TAG_BYTES));
    try {
      const opened = cipher.update(raw.subarray(NONCE_BYTES, -TAG_BYTES));
      return Buffer.concat([opened, cipher.final()]).toString("latin1");
    } catch {
      return null;
    }
  }
}

function boundTo({ sessionId, name }: Bound): Buffer {
  return Buffer.from(`${sessionId}\x00${name}`, "latin1");
}
