/** The notebook on Fastify. */

import { understudyFastify } from "@understudy/node/fastify";
import Fastify from "fastify";
import { isServing, options, PAGES, signedIn, signIn, understudy, write } from "./notebook.mjs";

const guard = understudyFastify(understudy, options);
const app = Fastify({ serverFactory: guard.serverFactory });
app.addContentTypeParser(
  "application/x-www-form-urlencoded",
  { parseAs: "string" },
  (_, body, done) => done(null, Object.fromEntries(new URLSearchParams(body))),
);
app.decorateRequest("user", null);
app.addHook("onRequest", async (request) => {
  request.user = signedIn(request.headers.cookie);
});
app.register(guard.plugin);

for (const [path, page] of Object.entries(PAGES)) {
  app.get(path, (request, reply) => reply.type("text/html").send(page(request.user)));
}
app.get("/sign-in/:id", (request, reply) =>
  reply.header("set-cookie", signIn(request.params.id)).redirect("/"),
);
app.post("/notes/new", (request, reply) => {
  write(request.user, request.body.text);
  return reply.redirect("/");
});

await app.listen({ port: Number(process.env.PORT), host: "127.0.0.1" });
isServing();
