/** A web server that answers as a test says, and remembers what it was asked. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";
import { RemoteGateway } from "../../src/remote.ts";
import { Secret } from "../../src/secret.ts";

export interface Heard {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  readonly port: number;
}

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** What one test's server is, and the gateway to it. */
export class Service {
  readonly heard: Heard[] = [];
  readonly server: Server;
  readonly gateway: RemoteGateway;

  private constructor(server: Server, gateway: RemoteGateway) {
    this.server = server;
    this.gateway = gateway;
  }

  /** Serve until the end of the test. */
  static async start(answer: Answer): Promise<Service> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/base/`;
    const service = new Service(server, new RemoteGateway(url, "app_1", new Secret("usk_secret")));
    server.on("request", (request, response) => void service.#hear(request, response, answer));
    started.push(service);
    return service;
  }

  /** The body of the last request, as JSON. */
  get body(): unknown {
    return JSON.parse(this.heard.at(-1)?.body ?? "");
  }

  stop(): void {
    this.gateway.close();
    this.server.closeAllConnections();
    this.server.close();
  }

  async #hear(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
    let body = "";
    for await (const part of request) body += String(part);
    const { method = "", url = "", headers } = request;
    this.heard.push({ method, url, headers, body, port: request.socket.remotePort ?? 0 });
    answer(response, request);
  }
}

/** Answers everything with `status` and `content` as JSON, or as it is when it is text. */
export function answering(
  status: number,
  content: unknown,
  headers: Record<string, string> = {},
): Answer {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof content === "string" ? content : JSON.stringify(content));
  };
}

const started: Service[] = [];

afterEach(() => {
  for (const service of started.splice(0)) service.stop();
});
