import { encodeUtf8, MalformedProof, sameBytes, toHex } from "./bytes";
import { type Checkpoint, parseCheckpoint } from "./checkpoint";
import { type Leaf, parseLeaf } from "./leaf";
import { leafHash, rootFrom } from "./merkle";
import { type Note, parseNote, parseVerifier, signedBy, type Verifier } from "./note";
import { parseReceipt, type Receipt } from "./receipt";

/** What is to be proved, and by which keys. */
export interface Evidence {
  index: number;
  leaf: string;
  receipt: string;
  verifierKeys: string[];
  /** What the page shows of the entry, to be compared with the leaf. */
  shown: { type: string; time: string };
}

/** One thing that was checked. `fact` is what came out, for those who want to check it again. */
interface Step {
  name: string;
  holds: boolean;
  fact: string;
}

export interface Verdict {
  holds: boolean;
  steps: Step[];
  /** The size of the log that the receipt speaks of. */
  size: number | null;
}

type Stage = [name: string, check: () => Promise<Omit<Step, "name">>];

/**
 * Checks a receipt in this browser, and trusts the service in nothing but the verifier keys. The
 * steps stop at the first one that fails: what comes after would rest on nothing.
 */
export async function verify(evidence: Evidence): Promise<Verdict> {
  let receipt: Receipt;
  let leaf: Leaf;
  let checkpoint: Checkpoint | null = null;
  const stages: Stage[] = [
    [
      "The receipt can be read",
      async () => {
        receipt = parseReceipt(evidence.receipt);
        return outcome(receipt.index === evidence.index, `entry ${receipt.index}`);
      },
    ],
    [
      "The leaf says what this page shows",
      async () => {
        leaf = parseLeaf(evidence.leaf);
        const { type, time } = evidence.shown;
        const same = leaf.type === type && leaf.time === Date.parse(time);
        return outcome(same, `${leaf.type} at ${new Date(leaf.time).toISOString()}`);
      },
    ],
    [
      "The checkpoint carries the log’s signature",
      async () => {
        const note = parseNote(receipt.checkpoint);
        const signer = await signerOf(note, evidence.verifierKeys);
        if (signer === null) return outcome(false, "no signature by a key of this log");
        checkpoint = parseCheckpoint(note.text);
        const same = checkpoint.origin === signer.name;
        return outcome(same, `Ed25519 key ${toHex(signer.keyId)} of ${signer.name}`);
      },
    ],
    [
      "The path leads from the leaf to the signed root",
      async () => {
        if (checkpoint === null) return outcome(false, "no checkpoint");
        const hash = await leafHash(encodeUtf8(evidence.leaf));
        const root = await rootFrom(hash, receipt.index, checkpoint.size, receipt.path);
        const same = root !== null && sameBytes(root, checkpoint.root);
        const found = root === null ? "a path of the wrong length" : toHex(root);
        return outcome(same, `${receipt.path.length} hashes to ${found}`);
      },
    ],
  ];
  const steps = await run(stages);
  return {
    holds: steps.length === stages.length && steps.every(({ holds }) => holds),
    steps,
    size: (checkpoint as Checkpoint | null)?.size ?? null,
  };
}

async function run(stages: Stage[]): Promise<Step[]> {
  const steps: Step[] = [];
  for (const [name, check] of stages) {
    const step = { name, ...(await settled(check)) };
    steps.push(step);
    if (!step.holds) break;
  }
  return steps;
}

async function settled(check: Stage[1]): Promise<Omit<Step, "name">> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof MalformedProof) return outcome(false, error.message);
    if (error instanceof DOMException) return outcome(false, `this browser: ${error.message}`);
    throw error;
  }
}

/** The key of the log that signed; one known key that stands there falsely refuses the whole note. */
async function signerOf(note: Note, keys: string[]): Promise<Verifier | null> {
  let signer: Verifier | null = null;
  for (const key of keys) {
    const verifier = await parseVerifier(key);
    const signed = await signedBy(note, verifier);
    if (signed === "forged") return null;
    if (signed === "signed") signer ??= verifier;
  }
  return signer;
}

function outcome(holds: boolean, fact: string): Omit<Step, "name"> {
  return { holds, fact };
}
