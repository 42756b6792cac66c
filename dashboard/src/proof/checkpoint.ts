import { type Bytes, decodeBase64, MalformedProof, parseDecimal } from "./bytes";

const HASH_BYTES = 32;

/** The log named `origin` had `size` entries below `root` (C2SP tlog-checkpoint). */
export interface Checkpoint {
  origin: string;
  size: number;
  root: Bytes;
}

/** @throws {MalformedProof} for text that is not exactly the three lines of a checkpoint */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin, size, root, end, ...more] = text.split("\n");
  if (!origin || size === undefined || root === undefined || end !== "" || more.length > 0) {
    throw new MalformedProof("a checkpoint has the three lines origin, size and root");
  }
  return { origin, size: parseDecimal(size), root: hash(root) };
}

/** A SHA-256 hash in base64. */
export function hash(text: string): Bytes {
  const bytes = decodeBase64(text);
  if (bytes.length !== HASH_BYTES) throw new MalformedProof("a hash has 32 bytes");
  return bytes;
}
