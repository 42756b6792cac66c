/** An app on Fastify, with its sessions. */

import cookie from "@fastify/cookie";
import session from "@fastify/session";
import { currentImpersonation, forbidWhileImpersonating } from "@understudy/node";
import { understudyFastify } from "@understudy/node/fastify";
import Fastify from "fastify";
import { findUser, isServing, page, understudy } from "./people.mjs";

const guard = understudyFastify(understudy, { loadUser: findUser, ownCookies: ["sessionId"] });
const app = Fastify({ serverFactory: guard.serverFactory });
app.decorateRequest("user", null);
app.register(cookie);
app.register(session, {
  secret: "a secret of the app that is long enough",
  cookie: { secure: false },
  saveUninitialized: false,
  rolling: false,
});
app.addHook("onRequest", async (request) => {
  const { id } = request.session.get("user") ?? {};
  request.user = id ? findUser({ id }) : null;
});
// Last of all: where it stands does not matter.
app.register(guard.plugin);

app.get("/", (request, reply) => reply.type("text/html").send(page(request.user)));
app.get("/me", (request) => ({ me: request.user?.name ?? null }));
app.post("/notes", (request) => ({
  of: request.user?.name ?? null,
  by: currentImpersonation()?.actor.id ?? null,
}));
app.post("/plan", (request) => ({ plan: request.body.plan, of: request.user.name }));
app.post("/login/:id", async (request) => {
  request.session.set("user", { id: request.params.id });
  return {};
});
app.post("/visits", async (request) => {
  const visits = (request.session.get("visits") ?? 0) + 1;
  request.session.set("visits", visits);
  return { visits };
});
app.post("/password", () => {
  forbidWhileImpersonating();
  return { changed: true };
});
app.post("/invoices/pay", () => ({ paid: true }));
app.get("/stream", (_, reply) => {
  // Past every hook of Fastify's.
  reply.hijack();
  reply.raw.writeHead(200, { "Content-Type": "text/html" });
  reply.raw.write("<html><head></head><body>first ");
  setImmediate(() => reply.raw.end("second</body></html>"));
});
app.get("/boom", () => {
  throw new Error("boom");
});

await app.listen({ port: Number(process.env.PORT), host: "127.0.0.1" });
isServing(app.server);
