/** An app on Hono, which keeps its sessions in a signed cookie. */

import { serve } from "@hono/node-server";
import { currentImpersonation, forbidWhileImpersonating } from "@understudy/node";
import { understudyHono } from "@understudy/node/hono";
import { Hono } from "hono";
import { getSignedCookie, setSignedCookie } from "hono/cookie";
import { stream } from "hono/streaming";
import { findUser, isServing, page, understudy } from "./people.mjs";

const SECRET = "a secret of the app";
const guard = understudyHono(understudy, { loadUser: findUser, ownCookies: ["login"] });
const app = new Hono();
app.use(async (c, next) => {
  const kept = JSON.parse((await getSignedCookie(c, SECRET, "login")) || "{}");
  c.set("kept", kept);
  c.set("user", kept.id ? findUser(kept) : null);
  await next();
});
app.use(guard.middleware);

const keep = (c, kept) => setSignedCookie(c, "login", JSON.stringify(kept), SECRET);

app.get("/", (c) => c.html(page(c.get("user"))));
app.get("/me", (c) => c.json({ me: c.get("user")?.name ?? null }));
app.post("/notes", (c) =>
  c.json({ of: c.get("user")?.name ?? null, by: currentImpersonation()?.actor.id ?? null }),
);
app.post("/plan", async (c) => c.json({ ...(await c.req.json()), of: c.get("user").name }));
app.post("/login/:id", async (c) => {
  await keep(c, { id: c.req.param("id") });
  return c.json({});
});
app.post("/visits", async (c) => {
  const { visits = 0, ...kept } = c.get("kept");
  await keep(c, { ...kept, visits: visits + 1 });
  return c.json({ visits: visits + 1 });
});
app.post("/password", (c) => {
  forbidWhileImpersonating();
  return c.json({ changed: true });
});
app.post("/invoices/pay", (c) => c.json({ paid: true }));
app.get("/stream", (c) => {
  c.header("Content-Type", "text/html");
  return stream(c, async (out) => {
    await out.write("<html><head></head><body>first ");
    await out.write("second</body></html>");
  });
});
app.get("/boom", () => {
  throw new Error("boom");
});
app.onError((_, c) => c.text("Internal Server Error", 500));

const server = serve(
  {
    fetch: app.fetch,
    port: Number(process.env.PORT),
    hostname: "127.0.0.1",
    createServer: guard.createServer,
  },
  () => isServing(server),
);
