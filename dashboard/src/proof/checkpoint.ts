import { type Bytes, decodeBase64, MalformedProof, parseDecimal } from "./bytes";

const HASH_BYTES = 32;

/** The log named `origin` had `size` entries below `root` (C2SP tlog-checkpoint). */
export interface Checkpoint {
  origin: string;
  size: number;
  root: Bytes;
}

/** Lines that somebody's log adds are signed with the rest; nothing here goes by them.
 *
 * @throws {MalformedProof} for text that does not begin with the three lines of a checkpoint
 */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin, size, root, ...extensions] = text.split("\n");
  const whole = extensions.pop() === "" && extensions.every(isLine);
  if (!origin || size === undefined || root === undefined || !whole) {
    throw new MalformedProof("a checkpoint begins with the three lines origin, size and root");
  }
  return { origin, size: parseDecimal(size), root: hash(root) };
}

function isLine(text: string): boolean {
  return text !== "" && [...text].every((character) => character >= " ");
}

/** A SHA-256 hash in base64. */
export function hash(text: string): Bytes {
  const bytes = decodeBase64(text);
  if (bytes.length !== HASH_BYTES) throw new MalformedProof("a hash has 32 bytes");
  return bytes;
}
