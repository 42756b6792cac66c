/**
 * Orders that outlive the process: files of one application in a directory that it names.
 *
 * Whoever finds a file sends what it holds and removes it afterwards. Two that find the same do no
 * harm: an ending repeats well, and a batch has its own Idempotency-Key. Written in one go and not
 * beside other work, as a process that is about to end has no time for anything else.
 */

import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { join } from "node:path";
import { UnderstudyError } from "./core/errors.ts";
import { EndCause } from "./core/sessions.ts";
import { Ending } from "./ending.ts";
import { type Fields, readObject } from "./fields.ts";
import { complain, nameOf, warn } from "./logging.ts";
import { Batch } from "./outbox.ts";
import { Secret } from "./secret.ts";
import { PHASES, type RecordedAction } from "./values.ts";
import { readCause, rowOf } from "./wire.ts";

const PRIVATE = 0o600;
const PRIVATE_DIRECTORY = 0o700;
const LEAVERS = "leavers"; // apart, as each "ending" is one session's

/** The files of `clientId` in `directory`, which only this user can read. */
export class StateFiles {
  readonly #directory: string;
  readonly #prefix: string;

  constructor(directory: string, clientId: string) {
    this.#directory = directory;
    this.#prefix = `understudy-${digest(clientId).slice(0, 12)}`;
  }

  /** Write an ending down; whether it worked. */
  keepEnding(ending: Ending): boolean {
    if (ending.kind === "actors") {
      return this.#write(LEAVERS, ending.name, { actor_ids: [...ending.everybody].sort() });
    }
    const { sessionId, cause, token } = ending;
    const proof = sessionId === null && token !== null ? { token: token.reveal() } : {};
    return this.#write("ending", ending.name, { session_id: sessionId, cause, ...proof });
  }

  /** Write a batch down; whether that worked. */
  keepBatch(sessionId: string, batch: Batch): boolean {
    const facts = { session_id: sessionId, key: batch.key, actions: batch.actions.map(rowOf) };
    return this.#write("batch", nameOfBatch(batch.key), facts);
  }

  /** The ending is known to the service, whether it was ever written down or not. */
  forgetEnding(ending: Ending): void {
    this.#remove(ending.kind === "actors" ? LEAVERS : "ending", ending.name);
  }

  /** The batch is in the log, or will never be. */
  forgetBatch(key: string): void {
    this.#remove("batch", nameOfBatch(key));
  }

  /** What earlier processes could not end; to be given up at `keepUntil`. */
  endings(keepUntil: number): Ending[] {
    const ofSessions = this.#read("ending", (fields, name) => {
      const token = fields.optionalText("token");
      return new Ending({
        sessionId: fields.optionalText("session_id"),
        token: token === null ? null : new Secret(token),
        // A later version may know more causes: better over for another one than not over.
        cause: readCause(fields.text("cause")) ?? EndCause.ENDED_BY_ACTOR,
        keepUntil,
        name,
        kept: true,
      });
    });
    const ofActors = this.#read(LEAVERS, (fields, name) => {
      return new Ending({ actorIds: fields.texts("actor_ids"), keepUntil, name, kept: true });
    });
    return [...ofSessions, ...ofActors];
  }

  /** What earlier processes could not send, with its session. */
  batches(): [sessionId: string, batch: Batch][] {
    return this.#read("batch", (fields) => {
      const actions = fields.objects("actions").map(actionOf);
      return [fields.text("session_id"), new Batch(actions, fields.text("key"), true)];
    });
  }

  #path(kind: string, name: string): string {
    return join(this.#directory, `${this.#prefix}-${kind}-${name}.json`);
  }

  #write(kind: string, name: string, facts: Readonly<Record<string, unknown>>): boolean {
    try {
      fs.mkdirSync(this.#directory, { recursive: true, mode: PRIVATE_DIRECTORY });
      writePrivately(this.#path(kind, name), JSON.stringify(facts));
      return true;
    } catch (error) {
      complain(`State was not written: ${nameOf(error)}`, { action: "write_state" });
      return false;
    }
  }

  #remove(kind: string, name: string): void {
    try {
      fs.rmSync(this.#path(kind, name), { force: true });
    } catch (error) {
      warn(`A state file cannot be removed: ${nameOf(error)}`, { action: "remove_state" });
    }
  }

  #read<T>(kind: string, take: (fields: Fields, name: string) => T): T[] {
    const start = `${this.#prefix}-${kind}-`;
    const found = listed(this.#directory).filter((name) => name.startsWith(start));
    return found.flatMap((file) => {
      try {
        const fields = readObject(fs.readFileSync(join(this.#directory, file)));
        return [take(fields, file.slice(start.length, -".json".length))];
      } catch (error) {
        warn(`A state file cannot be read: ${nameOf(error)}`, { action: "read_state" });
        return [];
      }
    });
  }
}

/** The whole of `text` at `path` or nothing, on the disk when this returns. */
function writePrivately(path: string, text: string): void {
  const beside = path.replace(/\.json$/, `.${process.pid}`);
  // Never through somebody's link, and never readable by others, not for a moment.
  fs.rmSync(beside, { force: true });
  const file = fs.openSync(beside, "wx", PRIVATE);
  try {
    fs.writeFileSync(file, text);
    fs.fsyncSync(file);
  } finally {
    fs.closeSync(file);
  }
  fs.renameSync(beside, path);
}

function listed(directory: string): string[] {
  try {
    return fs
      .readdirSync(directory)
      .filter((name) => name.endsWith(".json"))
      .sort();
  } catch {
    return []; // not there before the first is written
  }
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function nameOfBatch(key: string): string {
  return digest(key).slice(0, 32);
}

function actionOf(fields: Fields): RecordedAction {
  const phase = PHASES.find((known) => known === fields.text("phase"));
  if (phase === undefined) throw new UnderstudyError("An action is in an unknown phase.");
  return {
    id: fields.text("id"),
    phase,
    at: fields.time("at"),
    method: fields.text("method"),
    path: fields.text("path"),
    route: fields.optionalText("route"),
    status: fields.optionalNumber("status"),
    durationMs: fields.optionalNumber("duration_ms"),
    rule: fields.optionalText("rule"),
    address: fields.optionalText("address"),
    userAgent: fields.optionalText("user_agent"),
    kind: fields.optionalText("kind"),
    did: fields.optionalText("did"),
    reference: fields.optionalText("reference"),
  };
}
