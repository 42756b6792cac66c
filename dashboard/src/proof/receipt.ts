import { type Bytes, MalformedProof, parseDecimal } from "./bytes";
import { hash } from "./checkpoint";

const FIRST_LINE = "c2sp.org/tlog-proof@v1";
const MAX_HASHES = 64;

/** One entry's way to a signed checkpoint (C2SP tlog-proof). No signature is verified yet. */
export interface Receipt {
  index: number;
  path: Bytes[];
  /** The signed note, as text. */
  checkpoint: string;
}

/** @throws {MalformedProof} for text that is not a receipt */
export function parseReceipt(text: string): Receipt {
  const split = text.indexOf("\n\n");
  if (split < 0) throw new MalformedProof("a receipt is a proof, an empty line and a checkpoint");
  const [first, ...rest] = text.slice(0, split).split("\n");
  if (first !== FIRST_LINE) throw new MalformedProof(`a receipt begins with ${FIRST_LINE}`);
  // What "extra" carries is covered by no signature, so it is not looked at.
  const [index, ...hashes] = rest[0]?.startsWith("extra ") ? rest.slice(1) : rest;
  if (!index?.startsWith("index ") || hashes.length > MAX_HASHES) {
    throw new MalformedProof("a proof has the line `index N` and at most 64 hashes");
  }
  return {
    index: parseDecimal(index.slice("index ".length)),
    path: hashes.map(hash),
    checkpoint: text.slice(split + 2),
  };
}
