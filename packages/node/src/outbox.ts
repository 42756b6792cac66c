/**
 * What was recorded and is not yet in the log: bounded in all, and for each session.
 *
 * In order within a session, sessions in turn; a batch that fails holds up its own session only.
 */

import { cleanAction } from "./cleaning.ts";
import { partKey } from "./partKeys.ts";
import { longerThan } from "./pause.ts";
import type { RecordedAction } from "./values.ts";
import { printActions } from "./wire.ts";

const MAX_ENTRIES = 20_000;
const MAX_BYTES = 32 * 1024 * 1024;
export const MAX_OF_SESSION = 2_000;
export const MAX_BATCH = 80;
/** Half of what the service takes, as a proxy before it may take less. */
const MAX_BATCH_BYTES = 512 * 1024;
const ENTRY_BYTES = 300;

/** Actions of one session that go out together, again and again under one `key`. */
export class Batch {
  readonly actions: readonly RecordedAction[];
  readonly key: string;
  /** From a file of an earlier process. */
  readonly restored: boolean;
  tries = 0;
  replaced = false;

  constructor(actions: readonly RecordedAction[], key: string, restored = false) {
    this.actions = actions;
    this.key = key;
    this.restored = restored;
  }
}

/** What waits of one session; given up at `keepUntil`, not tried before `notBefore`. */
export class Line {
  readonly sessionId: string;
  readonly keepUntil: number;
  readonly waiting: RecordedAction[] = [];
  readonly batches: Batch[] = [];
  readonly folded = new Map<string, Folded>();
  entries = 0;
  notBefore = 0;
  pause = 0;

  constructor(sessionId: string, keepUntil: number) {
    this.sessionId = sessionId;
    this.keepUntil = keepUntil;
  }

  get isEmpty(): boolean {
    return this.batches.length + this.waiting.length + this.folded.size === 0;
  }
}

/** Actions of one kind that are counted only, and the last of them. */
interface Folded {
  readonly like: RecordedAction;
  readonly times: number;
}

/** Everything held. `newKey` makes Idempotency-Keys. */
export class Outbox {
  readonly #newKey: () => string;
  readonly #lines = new Map<string, Line>();
  #entries = 0;
  #bytes = 0;

  constructor(newKey: () => string) {
    this.#newKey = newKey;
  }

  /** True when nothing more may be done in this session before the service takes what waits. */
  isFull(sessionId: string): boolean {
    if (this.#entries >= MAX_ENTRIES || this.#bytes >= MAX_BYTES) return true;
    return (this.#lines.get(sessionId)?.entries ?? 0) >= MAX_OF_SESSION;
  }

  /** Hold `action`; beyond the bounds only a count of its like is kept. */
  add(sessionId: string, action: RecordedAction, keepUntil: number): void {
    const cleaned = cleanAction(action);
    const line = this.#line(sessionId, keepUntil);
    // What was made is to be revoked, each by its own name: it is never only counted.
    if (this.isFull(sessionId) && action.phase !== "minted") {
      fold(line, cleaned);
      return;
    }
    line.waiting.push(cleaned);
    this.#count(line, [cleaned], 1);
  }

  /** Hold a batch of an earlier process, under its own key. */
  putBack(sessionId: string, batch: Batch, keepUntil: number): void {
    const line = this.#line(sessionId, keepUntil);
    line.batches.push(batch);
    this.#count(line, batch.actions, 1);
  }

  /** The batch whose turn it is; its session then stands last. */
  next(now: number): [Line, Batch] | null {
    for (const [sessionId, line] of this.#lines) {
      if (line.notBefore > now) continue;
      this.#lines.delete(sessionId);
      this.#lines.set(sessionId, line);
      return [line, line.batches[0] ?? this.#cut(line)];
    }
    return null;
  }

  /** The log has `batch`, or will never have it. */
  settle(line: Line, batch: Batch): void {
    this.#take(line, batch);
    line.pause = 0;
    line.notBefore = 0;
    if (line.isEmpty) this.#lines.delete(line.sessionId);
  }

  /** Try `batch` again later, and what stands behind it in its session after it. */
  postpone(line: Line, batch: Batch, now: number): void {
    batch.tries += 1;
    line.pause = longerThan(line.pause);
    line.notBefore = now + line.pause;
  }

  /**
   * Send `others` in place of `batch`, under keys that say what they are parts of.
   *
   * A try of `batch` whose answer was lost may have arrived: then its parts are in the log.
   */
  replace(line: Line, batch: Batch, others: readonly (readonly RecordedAction[])[]): void {
    const made = others.map((actions, number) => {
      const part = new Batch(actions, partKey(batch.key, number));
      part.replaced = batch.replaced;
      return part;
    });
    const place = line.batches.indexOf(batch);
    this.#take(line, batch);
    line.batches.splice(place, 0, ...made);
    for (const part of made) this.#count(line, part.actions, 1);
  }

  /** Seconds until something can be sent; null when nothing waits. */
  dueIn(now: number): number | null {
    let first: number | null = null;
    for (const { notBefore } of this.#lines.values()) {
      first = first === null ? notBefore : Math.min(first, notBefore);
    }
    return first === null ? null : Math.max(0, first - now);
  }

  /** Try everything at once. */
  hurry(): void {
    for (const line of this.#lines.values()) line.notBefore = 0;
  }

  /** Everything held, in order, which is then no longer held. */
  drain(): [sessionId: string, batch: Batch][] {
    const lines = [...this.#lines.values()];
    this.#lines.clear();
    this.#entries = 0;
    this.#bytes = 0;
    for (const line of lines) {
      while (line.waiting.length + line.folded.size > 0) this.#cut(line);
    }
    return lines.flatMap((line) =>
      line.batches.map((batch): [string, Batch] => [line.sessionId, batch]),
    );
  }

  #line(sessionId: string, keepUntil: number): Line {
    const known = this.#lines.get(sessionId);
    if (known !== undefined) return known;
    const line = new Line(sessionId, keepUntil);
    this.#lines.set(sessionId, line);
    return line;
  }

  #take(line: Line, batch: Batch): void {
    const place = line.batches.indexOf(batch);
    if (place < 0) return;
    line.batches.splice(place, 1);
    this.#count(line, batch.actions, -1);
  }

  #count(line: Line, actions: readonly RecordedAction[], sign: 1 | -1): void {
    line.entries += sign * actions.length;
    this.#entries += sign * actions.length;
    for (const action of actions) this.#bytes += sign * weight(action);
  }

  /** One more batch of what waits, by number and by encoded bytes; then what was folded. */
  #cut(line: Line): Batch {
    const some = line.waiting.splice(0, fitting(line.waiting));
    if (some.length === 0) {
      some.push(...unfolded(line));
      this.#count(line, some, 1);
    }
    const batch = new Batch(some, this.#newKey());
    line.batches.push(batch);
    return batch;
  }
}

/** What `action` weighs in bytes, about: encoded text, and the names around it. */
function weight({ path, route, address, userAgent }: RecordedAction): number {
  const texts = [path, route ?? "", address ?? "", userAgent ?? ""];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), ENTRY_BYTES);
}

/** How many of `waiting` go into one batch: at least one, however large. */
function fitting(waiting: readonly RecordedAction[]): number {
  let size = 0;
  const most = waiting.slice(0, MAX_BATCH);
  const tooMuch = most.findIndex((action, place) => {
    size += printActions([action]).length;
    return place > 0 && size > MAX_BATCH_BYTES;
  });
  return tooMuch < 0 ? most.length : tooMuch;
}

function fold(line: Line, action: RecordedAction): void {
  const kind = JSON.stringify([action.phase, action.rule]);
  const times = (line.folded.get(kind)?.times ?? 0) + 1;
  line.folded.set(kind, { like: action, times });
}

function unfolded(line: Line): RecordedAction[] {
  const folded = [...line.folded.values()];
  line.folded.clear();
  return folded.map(({ like, times }, number) => ({
    ...like,
    id: `${like.id.slice(0, 48)}-folded-${number}`,
    phase: like.phase === "blocked" ? "blocked" : "completed",
    path: `(${times} more, counted only)`,
    route: null,
    kind: null,
    did: null,
    reference: null,
  }));
}
