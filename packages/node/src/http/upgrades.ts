/** WebSockets, and whatever else leaves HTTP: refused, or held to their session while they last. */

import { IncomingMessage, type Server, ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { pin } from "../askedBy.ts";
import { OwnRequest, within } from "../context.ts";
import { Pass } from "../guard.ts";
import { withoutSpoofed } from "../headers.ts";
import type { Passage } from "../passage/passage.ts";
import { Answer } from "../visit.ts";
import { type Arrival, arrivalOf, scopeOf, targetIn } from "./arrival.ts";
import type { HttpGuard } from "./guard.ts";
import { replaceHeaders } from "./incoming.ts";
import { untilOver } from "./watch.ts";

const SWITCHED = 101;
/** What a WebSocket is closed with, as by the other adapters. */
const SESSION_OVER = 4401;
const TRY_AGAIN_LATER = 1013;

const guarded = new WeakSet<Server>();

/** Guard what is upgraded at `server`, once; whoever listens for it is asked behind us. */
export function guardUpgrades(server: Server, guard: HttpGuard): void {
  if (guarded.has(server)) return;
  guarded.add(server);
  const emit = server.emit.bind(server) as (event: string, ...given: unknown[]) => boolean;
  server.emit = (event: string, ...given: unknown[]): boolean => {
    const [request, socket] = given;
    if (event !== "upgrade" || !(request instanceof IncomingMessage)) return emit(event, ...given);
    if (server.listenerCount("upgrade") === 0) return false;
    void guardOne(guard, request, socket as Duplex, () => emit(event, ...given));
    return true;
  };
}

async function guardOne(
  guard: HttpGuard,
  request: IncomingMessage,
  socket: Duplex,
  app: () => unknown,
): Promise<void> {
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  socket.once("close", leave).on("error", leave);
  // No response of it is ever sent; it stands for one, where one is asked for.
  const arrival = arrivalOf(request, new ServerResponse(request));
  const scope = scopeOf(arrival, "websocket");
  try {
    const outcome = await guard.decided(arrival, scope, gone.signal);
    arrival.retarget(targetIn(scope));
    if (outcome instanceof Answer) refuse(socket, outcome);
    else if (outcome instanceof Pass) {
      replaceHeaders(request, withoutSpoofed([...scope.headers]));
      within(new OwnRequest(), app);
    } else {
      replaceHeaders(request, outcome.crossing.toApp([...scope.headers]));
      serve(outcome, arrival, socket, app);
    }
  } catch {
    // Whatever went wrong, nobody is let in by it.
    socket.destroy();
  }
}

function serve(passage: Passage, { request }: Arrival, socket: Duplex, app: () => unknown): void {
  pin(request, passage.pinned());
  const { runtime, token, held, present } = passage;
  const closed = new AbortController();
  socket.once("close", () => {
    closed.abort();
    present.over = true;
    passage.log.completed(SWITCHED, { route: null, rule: passage.unasked(SWITCHED, null) });
  });
  const cut = async (): Promise<void> => {
    const ended = await untilOver({ runtime, token, held }, closed.signal);
    if (!closed.signal.aborted)
      closeSocket(socket, ended === null ? TRY_AGAIN_LATER : SESSION_OVER);
  };
  void cut();
  within(present, app);
}

/** The frame of a WebSocket that says why (RFC 6455, section 5.5.1), and no more behind it. */
function closeSocket(socket: Duplex, code: number): void {
  socket.end(Buffer.from([0x88, 2, code >> 8, code & 0xff]), () => socket.destroy());
}

function refuse(socket: Duplex, answer: Answer): void {
  const lines = answer.allHeaders().map(([name, value]) => `${name}: ${value}\r\n`);
  const status = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ""}\r\n`;
  socket.write(`${status}connection: close\r\n${lines.join("")}\r\n`, "latin1");
  socket.end(answer.body, () => socket.destroy());
}
