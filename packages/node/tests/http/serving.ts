/** A server of node:http on loopback, and what a browser is answered there. */

import {
  type ClientRequest,
  createServer,
  type IncomingMessage,
  request,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

export interface Answered {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
  /** Whether the answer came to its end. */
  readonly whole: boolean;
}

export interface AskedOf {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** What is sent, each as soon as the one before was taken; a list is sent in chunks. */
  readonly body?: string | readonly string[];
}

/** Serve by `listener` until the test is over; how to ask it. */
export async function serving(listener: Listener) {
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return (
    path: string,
    { method = "GET", headers = {}, body = "" }: AskedOf = {},
  ): Promise<Answered> =>
    new Promise((resolve, reject) => {
      const sent = request({ port, host: "127.0.0.1", path, method, headers }, (answer) => {
        const parts: Buffer[] = [];
        answer.on("data", (part) => parts.push(part));
        answer.on("error", () => undefined);
        answer.on("close", () => {
          const text = Buffer.concat(parts).toString();
          const { statusCode: status = 0, complete: whole } = answer;
          resolve({ status, headers: answer.headers, text, whole });
        });
      });
      sent.on("error", reject);
      void send(sent, body);
    });
}

async function send(sent: ClientRequest, body: string | readonly string[]): Promise<void> {
  if (typeof body === "string") sent.end(body || undefined);
  else {
    for (const part of body) await new Promise((taken) => sent.write(part, taken));
    sent.end();
  }
}
