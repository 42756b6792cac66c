/** An app on Express, of the version that is asked for. */

import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { threadId } from "node:worker_threads";
import { currentImpersonation, forbidWhileImpersonating } from "@understudy/node";
import { understudyExpress } from "@understudy/node/express";
import compression from "compression";
import cookieSession from "cookie-session";
import session from "express-session";
import { buildSchema, graphql, parse } from "graphql";
import multer from "multer";
import passport from "passport";
import { WebSocketServer } from "ws";
import { findUser, page, serve, understudy } from "./people.mjs";

const { default: express } = await import(process.argv[2]);
const sessions =
  process.argv[3] === "cookie-session"
    ? cookieSession({ name: "login", secret: "a secret of the app", sameSite: "lax" })
    : session({
        name: "login",
        secret: "a secret of the app",
        resave: false,
        saveUninitialized: false,
        rolling: true,
      });

passport.serializeUser((user, done) => done(null, user.id));
passport.deserializeUser((id, done) => done(null, findUser({ id })));

/** Whose sign-in a request carries, before any middleware has looked at it. */
const signedIn = (request) =>
  new Promise((done) => {
    sessions(request, request.res, () => done(request.session.passport?.user));
  });

const app = express();
const guard = understudyExpress(understudy, {
  loadUser: findUser,
  ownCookies: ["login", "login.sig"],
  graphql: { paths: ["/graphql"], parse },
  staff: async (request) => {
    const id = await signedIn(request);
    return id === "kim" ? findUser({ id }) : null;
  },
  consentOf: signedIn,
});
app.use(guard);
app.use(compression({ threshold: 0 }));
app.use(sessions);
if (process.argv[3] === "cookie-session") {
  // Passport asks for what such a session has no need of.
  app.use((request, _, next) => {
    if (request.session) {
      request.session.regenerate = (done) => done();
      request.session.save = (done) => done();
    }
    next();
  });
}
app.use(passport.session());

app.get("/", (request, response) => response.send(page(request.user)));
app.get("/me", (request, response) => response.json({ me: request.user?.name ?? null }));
app.get("/where", (request, response) => {
  response.json({ me: request.user?.name ?? null, where: `${process.pid}.${threadId}` });
});
app.post("/trailers", (request, response) => {
  request.resume().on("end", () => {
    response.writeHead(200, { Trailer: "Checked" });
    response.write("body");
    response.addTrailers({ Checked: `${request.trailers.checksum} of ${request.user?.name}` });
    response.end();
  });
});
app.post("/notes", (request, response) => {
  response.json({ of: request.user?.name ?? null, by: currentImpersonation()?.actor.id ?? null });
});
app.post("/plan", express.json(), (request, response) => {
  response.json({ plan: request.body.plan, of: request.user.name });
});
const plans = ["free"];
const schema = buildSchema(
  "type Query { plans: [String] } type Mutation { add(plan: String): Int }",
);
const rootValue = { plans: () => plans, add: ({ plan }) => plans.push(plan) };
app.all("/graphql", express.json(), async (request, response) => {
  const { query: source } = request.body ?? request.query;
  response.json(request.user && (await graphql({ schema, rootValue, source })));
});
app.post("/login/:id", (request, response, next) => {
  request.login(findUser(request.params), (error) => (error ? next(error) : response.json({})));
});
app.post("/visits", (request, response) => {
  request.session.visits = (request.session.visits ?? 0) + 1;
  response.json({ visits: request.session.visits });
});
app.post("/password", (_, response) => {
  forbidWhileImpersonating();
  response.json({ changed: true });
});
app.post("/invoices/pay", (_, response) => response.json({ paid: true }));
app.get("/stream", (_, response) => {
  response.writeHead(200, { "Content-Type": "text/html", "Set-Cookie": ["a=1", "b=2"] });
  response.write("<html><head></head><body>first ");
  setImmediate(() => response.end("second</body></html>"));
});
app.get("/endless", (_, response) => {
  response.write("first");
  response.on("close", () => process.stdout.write("left\n"));
});
app.get("/early", (_, response) => {
  response.setHeader("Set-Cookie", "early=1");
  response.writeHead(200, { "Set-Cookie": "late=1" });
  response.end("ok");
});
app.get("/boom", () => {
  throw new Error("boom");
});
app.get("/half", (_, response) => {
  response.write("half");
  throw new Error("boom");
});
app.post("/upload", multer().single("file"), (request, response) => {
  response.json({ bytes: request.file.size, of: request.user?.name ?? null });
});
app.post("/slowly", async (_, response) => {
  const closed = once(response, "close");
  process.stdout.write("begun\n");
  await closed;
  process.stdout.write(`by ${currentImpersonation()?.actor.id ?? "nobody"}\n`);
  response.json({});
  await nextTurn();
  process.stdout.write(`then ${currentImpersonation()?.actor.id ?? "nobody"}\n`);
});
const folder = join(tmpdir(), `understudy-${process.pid}`);
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "hello.txt"), "hello");
writeFileSync(join(folder, "plain.html"), "<html><head></head><body>plain</body></html>");
app.use("/files", express.static(folder));
app.use((_error, _request, response, next) => {
  if (response.headersSent) next(_error);
  else response.status(500).send("the app's own error page");
});

const server = serve(app);
const sockets = new WebSocketServer({ server, path: "/live" });
sockets.on("connection", (socket, request) => {
  const found = currentImpersonation();
  socket.send(`${found?.subject.id ?? "own"} ${/login=/.test(request.headers.cookie ?? "")}`);
});
