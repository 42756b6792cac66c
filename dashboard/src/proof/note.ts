import {
  type Bytes,
  concat,
  decodeBase64,
  encodeUtf8,
  MalformedProof,
  sameBytes,
  sha256,
} from "./bytes";

const ED25519 = Uint8Array.of(1);
const KEY_ID_BYTES = 4;
const PUBLIC_KEY_BYTES = 32;
const DASH = "\u2014 ";

interface Signature {
  name: string;
  keyId: Bytes;
  signature: Bytes;
}

/** Text and the signatures below it (C2SP signed-note); nothing about it is verified yet. */
export interface Note {
  text: string;
  signatures: Signature[];
}

/** A name and the Ed25519 key that signs under it. */
export interface Verifier {
  name: string;
  keyId: Bytes;
  publicKey: Bytes;
}

/** @throws {MalformedProof} for text that is not a note */
export function parseNote(note: string): Note {
  if (hasControls(note)) throw new MalformedProof("a note holds no control characters");
  const split = note.lastIndexOf("\n\n");
  const lines = note.slice(split + 2);
  if (split < 0 || !lines.endsWith("\n")) {
    throw new MalformedProof("a note is text, an empty line and signature lines");
  }
  return {
    text: note.slice(0, split + 1),
    signatures: lines.slice(0, -1).split("\n").map(parseSignature),
  };
}

/**
 * The verifier that a *vkey* names: `name+key id in hex+base64 of type and key`.
 *
 * @throws {MalformedProof} for other text, another kind of key, or a key id of another key
 */
export async function parseVerifier(vkey: string): Promise<Verifier> {
  const [, name, id, encoded] = /^([^+\s]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey) ?? [];
  if (name === undefined || id === undefined || encoded === undefined) {
    throw new MalformedProof("a verifier key is name+id+key");
  }
  const key = decodeBase64(encoded);
  if (key[0] !== ED25519[0] || key.length !== PUBLIC_KEY_BYTES + 1) {
    throw new MalformedProof("this is not an Ed25519 verifier key");
  }
  const hash = await sha256(concat(encodeUtf8(`${name}\n`), key));
  const keyId = hash.slice(0, KEY_ID_BYTES);
  const claimed = Uint8Array.from(id.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  if (!sameBytes(keyId, claimed)) throw new MalformedProof("the key does not match its own id");
  return { name, keyId, publicKey: key.slice(1) };
}

/** What a key has to do with a note: it signed it, is not there, or stands there falsely. */
export type Signed = "signed" | "absent" | "forged";

/** Whether this key signed the note; signatures of other keys are ignored (C2SP signed-note). */
export async function signedBy(note: Note, verifier: Verifier): Promise<Signed> {
  const own = note.signatures.filter(
    ({ name, keyId }) => name === verifier.name && sameBytes(keyId, verifier.keyId),
  );
  if (own.length === 0) return "absent";
  const key = await crypto.subtle.importKey("raw", verifier.publicKey, "Ed25519", false, [
    "verify",
  ]);
  const text = encodeUtf8(note.text);
  const checks = await Promise.all(
    own.map(({ signature }) => crypto.subtle.verify("Ed25519", key, signature, text)),
  );
  return checks.every(Boolean) ? "signed" : "forged";
}

function parseSignature(line: string): Signature {
  const [name, encoded, ...more] = line.slice(DASH.length).split(" ");
  if (!line.startsWith(DASH) || !name || encoded === undefined || more.length > 0) {
    throw new MalformedProof("a signature line has the form: \u2014 name base64");
  }
  const data = decodeBase64(encoded);
  if (data.length <= KEY_ID_BYTES) throw new MalformedProof("a signature line holds no signature");
  return { name, keyId: data.slice(0, KEY_ID_BYTES), signature: data.slice(KEY_ID_BYTES) };
}

function hasControls(text: string): boolean {
  return Array.from(text).some((letter) => letter < " " && letter !== "\n");
}
