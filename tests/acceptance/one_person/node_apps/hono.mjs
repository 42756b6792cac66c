/** The notebook on Hono. */

import { serve } from "@hono/node-server";
import { understudyHono } from "@understudy/node/hono";
import { Hono } from "hono";
import { isServing, options, PAGES, signedIn, signIn, understudy, write } from "./notebook.mjs";

const guard = understudyHono(understudy, options);
const app = new Hono();
app.use(async (c, next) => {
  c.set("user", signedIn(c.req.header("cookie")));
  await next();
});
app.use(guard.middleware);

for (const [path, page] of Object.entries(PAGES)) app.get(path, (c) => c.html(page(c.get("user"))));
app.get("/sign-in/:id", (c) => {
  c.header("set-cookie", signIn(c.req.param("id")));
  return c.redirect("/");
});
app.post("/notes/new", async (c) => {
  write(c.get("user"), (await c.req.parseBody()).text);
  return c.redirect("/");
});

const { createServer } = guard;
const where = { port: Number(process.env.PORT), hostname: "127.0.0.1" };
serve({ fetch: app.fetch, createServer, ...where }, isServing);
