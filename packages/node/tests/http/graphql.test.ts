/** Sessions that may only read ask a GraphQL endpoint for queries, and for nothing else. */

import type { IncomingMessage } from "node:http";
import { parse } from "graphql";
import { expect, test } from "vitest";
import type { GraphQLEndpoints } from "../../src/graphqlReads.ts";
import { understudyHttp } from "../../src/http.ts";
import { FakeGateway, type OpenOptions } from "../../src/testing/index.ts";
import { unpacked } from "../../src/unlock/wire.ts";
import { type AskedOf, serving } from "./serving.ts";

const HEADERS = { "content-type": "application/json", accept: "application/json" };
const QUERY = JSON.stringify({ query: "{ items }" });
const MUTATION = JSON.stringify({ query: "mutation { add }" });

async function anApp(open: OpenOptions = {}) {
  const gateway = new FakeGateway();
  const read: string[] = [];
  const listener = async (request: IncomingMessage, response: NodeJS.WritableStream) => {
    read.push(Buffer.concat(await request.toArray()).toString());
    response.end();
  };
  const options = {
    graphql: { paths: ["/graphql"], parse },
    reads: ["POST /graphql", "POST /search"],
  };
  const guard = understudyHttp(gateway.understudy(), options);
  const ask = await serving(guard.guarded(listener as never));
  const session = gateway.open({ scope: "read_only", ...open });
  const send = async (path: string, { headers = {}, ...sent }: AskedOf = {}) => {
    const all = { ...session.headers, ...HEADERS, ...headers };
    return (await ask(path, { method: "POST", ...sent, headers: all })).status;
  };
  return { gateway, session, read, ask, send };
}

test("a query passes by POST, and the app reads it", async () => {
  const { read, send } = await anApp();
  expect(await send("/graphql", { body: QUERY })).toBe(200);
  expect(read).toEqual([QUERY]);
});

test("the document decides, whatever is declared, and by GET as well", async () => {
  const { read, send } = await anApp();
  expect(await send("/search", { body: MUTATION })).toBe(200);
  expect(await send("/graphql", { body: MUTATION })).toBe(403);
  expect(await send("/graphql?query=mutation{add}", { method: "GET" })).toBe(403);
  expect(await send("/GraphQL/?query=mutation{add}", { method: "GET" })).toBe(403);
  expect(read).toHaveLength(1);
  expect(await send("/graphql?query={items}", { method: "GET" })).toBe(200);
  expect(await send("/graphql", { method: "GET" })).toBe(200);
});

test.each<[string, string, AskedOf]>([
  ["of another spelling", "/GraphQL", { body: QUERY }],
  ["by another method", "/graphql", { method: "PUT", body: QUERY }],
  ["that names a method", "/graphql?_method=PUT", { body: QUERY }],
  ["that names its own", "/graphql", { body: QUERY, headers: { "x-http-method": "POST" } }],
  ["of another type", "/graphql", { body: QUERY, headers: { "content-type": "text/plain" } }],
  ["that is packed", "/graphql", { body: QUERY, headers: { "content-encoding": "gzip" } }],
  ["that is too long", "/graphql", { body: `${QUERY}${" ".repeat(1_048_576)}` }],
])("what is not certain is refused: one %s", async (_, path, sent) => {
  const { read, send } = await anApp();
  expect([await send(path, sent), read]).toEqual([403, []]);
});

test("what is blocked by name stays so, and whoever may change everything does", async () => {
  const blockedActions = [{ method: "*", pattern: "/graphql", label: "GraphQL" }];
  const blocked = await anApp({ blockedActions });
  expect(await blocked.send("/graphql", { body: QUERY })).toBe(403);
  const full = await anApp({ scope: "full" });
  expect(await full.send("/graphql", { body: MUTATION })).toBe(200);
});

test("a mutation can be asked for as any change", async () => {
  const { gateway, session, ask, send } = await anApp({ unlocks: true });
  const headers = { ...session.headers, ...HEADERS };
  const refused = await ask("/graphql", { method: "POST", headers, body: MUTATION });
  gateway.allow(session.id, unpacked(JSON.parse(refused.text).unlock.write));
  expect(await send("/graphql", { body: MUTATION })).toBe(200);
  expect(await send("/graphql", { body: MUTATION })).toBe(403);
});

test.each([
  [{ paths: ["/graphql"] }, "parse is that of your graphql"],
  [{ paths: "/graphql", parse }, "a list of routes"],
  [{ paths: ["graphql"], parse }, "names routes"],
])("an endpoint that cannot be read is an error: %j", (graphql, message) => {
  const understudy = new FakeGateway().understudy();
  const options = { graphql: graphql as unknown as GraphQLEndpoints };
  expect(() => understudyHttp(understudy, options)).toThrow(message);
});
