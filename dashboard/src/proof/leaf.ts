import { MalformedProof } from "./bytes";

// The frozen form of version 1; whatever differs by a byte is another entry.
const LEAF =
  /^\{"core":"([0-9a-f]{64})","personal":"([0-9a-f]{64})","t":(0|[1-9][0-9]{0,15}),"type":"([a-z_]{1,40}\.[a-z_]{1,40})","v":1\}$/;

/** What stands in the log itself: time, type, and commitments to the two halves of the facts. */
export interface Leaf {
  core: string;
  personal: string;
  time: number;
  type: string;
}

/** @throws {MalformedProof} for anything but a leaf of version 1 */
export function parseLeaf(text: string): Leaf {
  const [, core, personal, time, type] = LEAF.exec(text) ?? [];
  if (core === undefined || personal === undefined || type === undefined) {
    throw new MalformedProof("this is not a leaf of version 1");
  }
  return { core, personal, time: Number(time), type };
}
