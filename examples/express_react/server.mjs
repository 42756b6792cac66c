// An Express app with a sign-in of its own and React pages. What Understudy needs of it are the
// import, the middleware with `staff`, and `forbidWhileImpersonating` on two routes.
import { currentImpersonation, forbidWhileImpersonating, Understudy } from "@understudy/node";
import { understudyExpress } from "@understudy/node/express";
import cookieSession from "cookie-session";
import express from "express";
import * as records from "./records.mjs";

const { PORT, SESSION_KEY, UNDERSTUDY_URL, APP_ID, APP_SECRET, FRONT } = process.env;
const understudy = Understudy.remote({
  url: UNDERSTUDY_URL,
  applicationId: APP_ID,
  secret: APP_SECRET,
});
const session = cookieSession({ name: "tally", keys: [SESSION_KEY], sameSite: "lax" });
const app = express();
app.disable("x-powered-by");
app.use(
  understudyExpress(understudy, {
    loadUser: (subject) => records.person(subject.id),
    ownCookies: ["tally", "tally.sig"],
    unrecorded: ["/static/"],
    // What changes nothing, so that sessions which may only read may ask it.
    reads: ["POST /api/expenses/search"],
    staff,
  }),
);
app.use("/static", express.static(FRONT));
app.use(session, express.json());

/** Who of the staff makes this request, by the app's own sign-in. */
async function staff(request) {
  await new Promise((resolve) => session(request, {}, resolve));
  const found = records.person(request.session.userId);
  return found?.isStaff ? { id: found.id, email: found.email, name: found.name } : null;
}

/** Whom the request is for: the subject of a session, or whoever has signed in. */
function served(request, response, next) {
  request.me = currentImpersonation()?.user ?? records.person(request.session.userId);
  if (request.me) return next();
  response.status(401).json({ detail: "Sign in first." });
}

app.post("/api/sign-in", forbidWhileImpersonating, (request, response) => {
  const found = records.signedIn(request.body?.email, request.body?.password);
  if (!found)
    return response.status(403).json({ detail: "That is not somebody's address and password." });
  request.session.userId = found.id;
  response.json(found);
});
app.post("/api/sign-out", forbidWhileImpersonating, (request, response) => {
  request.session = null;
  response.status(204).end();
});
app.get("/api/me", served, (request, response) => response.json(request.me));
app.get("/api/users", served, (request, response) =>
  request.me.isStaff ? response.json(records.customers()) : response.sendStatus(404),
);
app.get("/api/expenses", served, (request, response) =>
  response.json(records.expensesOf(request.me.id)),
);
app.post("/api/expenses/search", served, (request, response) => {
  const wanted = String(request.body?.what ?? "").toLowerCase();
  const found = records.expensesOf(request.me.id);
  response.json(found.filter(({ what }) => what.toLowerCase().includes(wanted)));
});
app.post("/api/expenses", served, (request, response) => {
  const { what, euros } = request.body ?? {};
  if (typeof what !== "string" || !what.trim() || !(euros > 0))
    return response.status(422).json({ detail: "Say what for, and how much." });
  const impersonation = currentImpersonation();
  const { id, name } = request.me;
  const by = impersonation ? `${impersonation.actor.name} for ${name}` : name;
  records.addExpense(id, { what: what.slice(0, 100), euros, by });
  response.json(records.expensesOf(id));
});
app.post("/api/password", served, forbidWhileImpersonating, (_, response) =>
  response.status(204).end(),
);
app.get(["/", "/settings", "/sign-in"], (_, response) =>
  response.sendFile("index.html", { root: FRONT }),
);

const server = app.listen(Number(PORT), "127.0.0.1", () => process.stdout.write("ready\n"));
process.on("SIGTERM", async () => {
  server.close();
  server.closeAllConnections();
  await understudy.close();
});
