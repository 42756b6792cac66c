/** A gateway that keeps what comes; `faults` are thrown first, one for each call. */

import type { EndCause } from "../../src/core/sessions.ts";
import type { Secret } from "../../src/secret.ts";
import { FakeGateway } from "../../src/testing/index.ts";
import type { Opened, RecordedAction } from "../../src/values.ts";

export class Ledger extends FakeGateway {
  readonly faults: Error[];
  readonly batches: [sessionId: string, actions: string[], key: string][] = [];
  readonly taken: RecordedAction[] = [];
  readonly told: [sessionId: string, cause: EndCause][] = [];
  /** How many endings take effect before the log has one. */
  unlogged = 0;
  /** What a batch waits for before it is taken. */
  gate: Promise<void> | null = null;
  /** Batches that hold such a path are refused by it. */
  picky: { path: string; refusal: Error } | null = null;

  constructor(...faults: Error[]) {
    super();
    this.faults = faults;
  }

  override async record(
    sessionId: string,
    actions: readonly RecordedAction[],
    key: string,
  ): Promise<void> {
    this.batches.push([sessionId, actions.map(({ id }) => id), key]);
    await this.gate;
    this.#fail();
    const { picky } = this;
    if (picky && actions.some(({ path }) => path === picky.path)) throw picky.refusal;
    this.taken.push(...actions);
  }

  override async refresh(sessionToken: Secret): Promise<Opened> {
    this.#fail();
    return await super.refresh(sessionToken);
  }

  override async end(sessionId: string, cause: EndCause): Promise<boolean> {
    this.#fail();
    this.told.push([sessionId, cause]);
    return this.told.length > this.unlogged;
  }

  override async sessionsOf(actorIds: ReadonlySet<string>): Promise<readonly string[]> {
    this.#fail();
    return await super.sessionsOf(actorIds);
  }

  #fail(): void {
    const fault = this.faults.shift();
    if (fault !== undefined) throw fault;
  }
}

/** So many of the same fault. */
export function times<T>(number: number, fault: T): T[] {
  return Array.from({ length: number }, () => fault);
}
