const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export type Bytes = Uint8Array<ArrayBuffer>;

/** Something in a receipt is not in the one form that it may have. */
export class MalformedProof extends Error {
  constructor(message: string) {
    super(message);
    this.name = "MalformedProof";
  }
}

/** The bytes of standard padded base64; any second spelling of the same bytes is refused. */
export function decodeBase64(text: string): Bytes {
  if (!BASE64.test(text)) throw new MalformedProof("this is not base64");
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  if (encodeBase64(bytes) !== text) throw new MalformedProof("this base64 has stray bits");
  return bytes;
}

export function encodeBase64(bytes: Bytes): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

export function encodeUtf8(text: string): Bytes {
  return Uint8Array.from(new TextEncoder().encode(text));
}

export function toHex(bytes: Bytes): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function sameBytes(one: Bytes, other: Bytes): boolean {
  return one.length === other.length && one.every((byte, place) => byte === other[place]);
}

export function concat(...parts: Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

export async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** A whole number with one spelling: ASCII digits, no sign, no leading zeros. */
export function parseDecimal(text: string): number {
  const value = Number(text);
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text) || !Number.isSafeInteger(value)) {
    throw new MalformedProof("this is not a decimal number without leading zeros");
  }
  return value;
}
