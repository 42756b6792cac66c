/**
 * Has the app revoke what was made in sessions, once these are over: again until it succeeds.
 *
 * The service knows what is left, so that nothing is forgotten by a process that is killed, and an
 * end from outside counts like any other. Several processes may ask the app for the same.
 */

import { UnderstudyError } from "./core/errors.ts";
import type { Gateway } from "./gateway.ts";
import { asLastResort, complain, nameOf, warn } from "./logging.ts";
import { outside } from "./outside.ts";
import { Bell } from "./pause.ts";
import type { Minted, RecordedAction } from "./values.ts";

/** Revokes one thing; fails where it did not succeed. */
export type Revoke = (minted: Minted) => unknown;

// What was recorded in a session's last second may reach the log behind its end.
const AFTER_AN_END = [1.5, 15];
const FIRST_PAUSE = 1;
export const LONGEST_PAUSE = 60;
/** Nothing is left, and nothing has ended: a look now and then costs nothing. */
const IDLE_SECONDS = 86_400;
const NOT_YET = "What was made in a session is not revoked yet";

interface UndoingParts {
  readonly gateway: Gateway;
  readonly revoke: Revoke;
  readonly clock: () => Date;
  readonly newKey: () => string;
}

/** That of one process. It keeps no process alive. */
export class Undoing {
  readonly #parts: UndoingParts;
  readonly #bell = new Bell();
  readonly #done = new Set<string>();
  // It begins with what earlier processes have left.
  #hasRung = true;
  #isStopped = false;

  constructor(parts: UndoingParts) {
    this.#parts = parts;
  }

  /** A session is over. */
  look(): void {
    this.#hasRung = true;
    this.#bell.ring();
  }

  /** Leave the rest to the next process. */
  stop(): void {
    this.#isStopped = true;
    this.#bell.ring();
  }

  /** Revoke what is to be until `stop`. */
  async run(): Promise<void> {
    let rounds: number[] = [];
    let pause: number | null = null;
    while (!this.#isStopped) {
      const due = Math.min(rounds[0] ?? IDLE_SECONDS, pause ?? IDLE_SECONDS);
      if (!this.#hasRung) await this.#bell.wait(due);
      if (this.#hasRung) {
        this.#hasRung = false;
        rounds = [...AFTER_AN_END];
      } else if (due === rounds[0]) rounds.shift();
      if (this.#isStopped) return;
      pause = (await this.#isLeft()) ? Math.min((pause ?? FIRST_PAUSE) * 2, LONGEST_PAUSE) : null;
    }
  }

  async #isLeft(): Promise<boolean> {
    let left = true;
    await asLastResort("Revoking failed unexpectedly", { action: "look_for_minted" }, async () => {
      left = await this.#round();
    });
    return left;
  }

  /** Revoke what is to be; whether something may be left. */
  async #round(): Promise<boolean> {
    let minted: readonly Minted[];
    try {
      minted = await this.#parts.gateway.minted();
    } catch (error) {
      return notYet(error);
    }
    for (const one of minted) await this.#undo(one);
    return minted.length > 0;
  }

  async #undo(minted: Minted): Promise<void> {
    if (!this.#done.has(minted.id)) {
      if (!(await this.#isRevoked(minted))) return;
      this.#done.add(minted.id);
    }
    await this.#tell(minted);
  }

  async #isRevoked(minted: Minted): Promise<boolean> {
    try {
      await outside(() => this.#parts.revoke(minted));
      return true;
    } catch (error) {
      // Not its words, which may name what was to be revoked.
      complain(`${NOT_YET}: ${nameOf(error)}`, { action: "revoke_minted" });
      return false;
    }
  }

  async #tell({ id, sessionId, kind }: Minted): Promise<void> {
    const { gateway, clock, newKey } = this.#parts;
    const action: RecordedAction = { ...NOTHING, id, phase: "undone", at: clock(), kind };
    try {
      await gateway.record(sessionId, [action], newKey());
      this.#done.delete(id);
    } catch (error) {
      notYet(error);
    }
  }
}

const NOTHING = {
  method: "OTHER",
  path: "(by the app)",
  route: null,
  status: null,
  durationMs: null,
  rule: null,
  address: null,
  userAgent: null,
};

function notYet(error: unknown): true {
  if (!(error instanceof UnderstudyError)) throw error;
  warn(`${NOT_YET}: ${error.code}`, { action: "ask_for_minted", code: error.code });
  return true;
}
