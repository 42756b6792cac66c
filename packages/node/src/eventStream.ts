/** Server-sent events (WHATWG HTML, section 9.2) of the service, as news of sessions. */

import { Unavailable } from "./core/errors.ts";
import { readObject } from "./fields.ts";
import type { News } from "./values.ts";
import { readCause } from "./wire.ts";

/** Bytes without the end of an event after which the stream is given up. */
export const MAX_EVENT = 65_536;
/** The types of entries that tell a guard to forget a session. */
const SESSION_OVER: readonly string[] = ["session.ended", "session.expired", "session.revoked"];
const LF = 0x0a;
const CR = 0x0d;

/** One event of a stream. `id` is the last one that was set (section 9.2.6). */
interface ServerEvent {
  readonly type: string;
  readonly data: string;
  readonly id: string | null;
}

/**
 * Beats, endings and changes of rules; what else a stream holds is for somebody else.
 *
 * @throws Unavailable the stream cannot be understood.
 */
export async function* readNews(chunks: AsyncIterable<Buffer>): AsyncGenerator<News> {
  for await (const event of readEvents(chunks)) {
    const news = newsOf(event);
    if (news !== null) yield news;
  }
}

function newsOf(event: ServerEvent): News | null {
  if (event.type === "heartbeat")
    return { kind: "beat", index: readObject(event.data).number("index") };
  if (event.type === "rules") return { kind: "rules_changed", eventId: event.id };
  if (event.type !== "session") return null;
  const fields = readObject(event.data);
  if (!SESSION_OVER.includes(fields.text("type"))) return null;
  return {
    kind: "session_closed",
    sessionId: fields.text("session_id"),
    cause: readCause(fields.optionalText("cause")),
    eventId: event.id,
  };
}

/** The events in a stream, cut wherever the network cut it. */
export async function* readEvents(chunks: AsyncIterable<Buffer>): AsyncGenerator<ServerEvent> {
  const reading = new Reading();
  for await (const line of linesOf(chunks)) {
    const event = reading.take(line);
    if (event !== null) yield event;
  }
}

/** What was read of the present event. */
class Reading {
  #type = "";
  #data: string[] = [];
  #lastId: string | null = null;
  #size = 0;

  /** One more line; the event that it ends, if it does. */
  take(line: string): ServerEvent | null {
    if (line === "") return this.#dispatch();
    this.#size += line.length;
    if (this.#size > MAX_EVENT) throw endless();
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "event") this.#type = value;
    else if (name === "data") this.#data.push(value);
    else if (name === "id" && !value.includes("\0")) this.#lastId = value;
    return null;
  }

  #dispatch(): ServerEvent | null {
    const [type, data] = [this.#type || "message", this.#data];
    this.#type = "";
    this.#data = [];
    this.#size = 0;
    return data.length > 0 ? { type, data: data.join("\n"), id: this.#lastId } : null;
  }
}

async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const held = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let start = 0;
    for (let at = nextBreak(held, 0); at >= 0; at = nextBreak(held, start)) {
      const isCr = held[at] === CR;
      // A CR at the very end may be the first half of a CRLF.
      if (isCr && at === held.length - 1) break;
      yield held.toString("utf8", start, at);
      start = at + (isCr && held[at + 1] === LF ? 2 : 1);
    }
    rest = Buffer.from(held.subarray(start));
    if (rest.length > MAX_EVENT) throw endless();
  }
}

function nextBreak(held: Buffer, from: number): number {
  const [lf, cr] = [held.indexOf(LF, from), held.indexOf(CR, from)];
  return lf < 0 || cr < 0 ? Math.max(lf, cr) : Math.min(lf, cr);
}

function endless(): Unavailable {
  return new Unavailable(null, { internal: "an event without an end" });
}
