// A small app with a sign-in of its own, in which support works as a customer by Clerk's SDK. The
// environment says where the SDK asks: CLERK_API_URL, CLERK_SECRET_KEY, CLERK_PUBLISHABLE_KEY.
import { clerkMiddleware } from "@clerk/express";
import cookieSession from "cookie-session";
import express from "express";
import { actorToken, end, whoIsServed } from "./identity.mjs";
import * as pages from "./pages.mjs";
import * as records from "./records.mjs";

const { PORT, SESSION_KEY, UNDERSTUDY_URL } = process.env;
const app = express();
app.disable("x-powered-by");
app.use(express.static(new URL("static", import.meta.url).pathname));
app.use(cookieSession({ name: "paperclip", keys: [SESSION_KEY], sameSite: "lax", httpOnly: true }));
app.use(express.urlencoded({ extended: false }));
app.use(clerkMiddleware({ proxyUrl: `${UNDERSTUDY_URL}/clerk` }));
app.use(cleanAddress, onlyOwnPages, whoIsServed, keepNothing);

/** The nonce in the landing address works once: go on to an address that can be loaded again. */
function cleanAddress(request, response, next) {
  if (request.method !== "GET" || !("__clerk_handshake_nonce" in request.query)) return next();
  const clean = new URL(request.originalUrl, "http://localhost");
  for (const name of ["__clerk_handshake_nonce", "__clerk_ticket", "__clerk_status"])
    clean.searchParams.delete(name);
  response.redirect(303, clean.pathname + clean.search);
}

function onlyOwnPages(request, response, next) {
  const site = request.get("sec-fetch-site") ?? "same-origin";
  const isSafe = request.method === "GET" || request.method === "HEAD";
  if (isSafe || site === "same-origin" || site === "none") return next();
  response.sendStatus(403);
}

function keepNothing(_, response, next) {
  response.set("cache-control", "no-store");
  next();
}

const signedIn = (request, response, next) =>
  request.served.user ? next() : response.redirect(303, "/login");
const staff = (request, response, next) =>
  request.served.user?.staff && !request.served.actor ? next() : response.sendStatus(404);
/** What only the user themself may do: `actor` is there whenever somebody else works as them. */
const themselves = (request, response, next) =>
  request.served.actor
    ? response
        .status(403)
        .send(pages.settings(request.served, "Only the user themself may do that."))
    : next();

app.get("/login", (request, response) => response.send(pages.signIn(request.served)));
app.post("/login", themselves, (request, response) => {
  const found = records.signedIn(request.body.email, request.body.password);
  if (!found)
    return response
      .status(403)
      .send(pages.signIn(request.served, "That is not somebody's address and password."));
  request.session.userId = found.id;
  response.redirect(303, "/");
});
app.post("/logout", themselves, (request, response) => {
  request.session = null;
  response.redirect(303, "/login");
});

app.get("/", signedIn, (request, response) => {
  const { user, hasEnded } = request.served;
  if (!user.staff) return response.send(pages.memos(request.served, records.memosOf(user.id)));
  const message = hasEnded ? "The session is over. You are yourself again." : "";
  response.send(pages.customers(request.served, records.customers(), message));
});
app.get("/customers", signedIn, staff, (_, response) => response.redirect(303, "/"));
app.post("/memos", signedIn, (request, response) => {
  const { user, actor, identity } = request.served;
  const { page_of, text = "" } = request.body;
  if (page_of !== identity) return response.status(409).send(pages.notSaved(request.served, text));
  const author = actor ? `${actor.name ?? actor.sub} for ${user.name}` : user.name;
  records.addMemo(user.id, { text, author });
  response.redirect(303, "/");
});
app.get("/settings", signedIn, (request, response) =>
  response.send(pages.settings(request.served)),
);
app.post("/settings/password", signedIn, themselves, (request, response) =>
  response.send(pages.settings(request.served, "In an example everybody keeps the same password.")),
);

app.post("/impersonate", staff, async (request, response) => {
  const { user_id, reason = "" } = request.body;
  const subject = records.customers().find((one) => one.id === user_id);
  if (!subject) return response.sendStatus(404);
  const refused = (status, why) =>
    response.status(status).send(pages.customers(request.served, records.customers(), why));
  // Clerk's wire knows no field for a reason, so that the service marks a missing one and goes on.
  if (reason.trim().length < 10) return refused(422, "Say why, in at least ten characters.");
  try {
    const token = await actorToken(request.served.user, subject, reason);
    response.redirect(303, token.url);
  } catch (error) {
    const why = error.errors?.[0]?.longMessage ?? "Understudy cannot be reached.";
    refused(error.status ?? 503, why);
  }
});
app.post("/end", async (request, response) => {
  if (request.served.actor) await end(request, response);
  response.redirect(303, "/");
});

const server = app.listen(Number(PORT), "127.0.0.1", () => process.stdout.write("ready\n"));
process.on("SIGTERM", () => {
  server.close();
  server.closeAllConnections();
});
