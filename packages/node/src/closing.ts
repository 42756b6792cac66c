/**
 * What a process does before it is gone: at its plain end, and by a signal that nobody else handles.
 *
 * `process.exit()` waits for nobody. What is then still to be sent is only left behind: `leave` is
 * called, which must not wait either.
 */

import { settledWithin } from "./passage/waiting.ts";
import { heed, heedNoMore } from "./stopping.ts";

/** How long a signal that ends the process waits. */
const SECONDS = 4;

/** Something that is to be closed by the end. */
export interface Closing {
  /** The same each time. */
  close(): Promise<void>;
  /** Keep what there is, at once: nothing is waited for any more. */
  leave(): void;
}

const closings = new Set<Closing>();

/** Close `closing` before this process ends, unless it is taken back. */
export function closeAtExit(closing: Closing): void {
  closings.add(closing);
  if (closings.size > 1) return;
  process.on("beforeExit", closeAll);
  process.on("exit", leaveAll);
  heed(closeInTime);
}

/** Take `closing` back. */
export function needNotClose(closing: Closing): void {
  if (!closings.delete(closing) || closings.size > 0) return;
  process.off("beforeExit", closeAll);
  process.off("exit", leaveAll);
  heedNoMore(closeInTime);
}

/** Close what is left to be closed; who ends the process meanwhile finds it where it was. */
async function closeAll(): Promise<void> {
  const left = [...closings];
  await Promise.allSettled(left.map((closing) => closing.close()));
  for (const closing of left) needNotClose(closing);
}

async function closeInTime(): Promise<void> {
  await settledWithin(closeAll(), SECONDS);
}

function leaveAll(): void {
  for (const closing of closings) closing.leave();
}
