/** What every app here is: two users, somebody of support, and a link to the service. */

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { isMainThread } from "node:worker_threads";
import { Understudy } from "@understudy/node";

const USERS = {
  ada: { id: "ada", name: "Ada" },
  grace: { id: "grace", name: "Grace" },
  kim: { id: "kim", name: "Kim from Support" },
};

export const understudy = Understudy.remote({
  url: process.env.UNDERSTUDY_URL,
  publicUrl: process.env.UNDERSTUDY_PUBLIC_URL,
  applicationId: process.env.APP_ID,
  secret: process.env.APP_SECRET,
  ...(process.env.STATE_DIR ? { stateDir: process.env.STATE_DIR } : {}),
});

/** The app's user of that id; for one subject somebody else, as by a mistake. */
export function findUser({ id }) {
  return id === "mallory" ? USERS.ada : USERS[id];
}

export function page(user) {
  const name = user?.name ?? "stranger";
  return `<!doctype html><html><head><title>Shop</title></head><body>Hello ${name}</body></html>`;
}

/** A server of `app`: with TLS where a certificate is given, and at one port in several threads. */
export function serve(app) {
  const certificate = process.env.TLS_CERTIFICATE && readFileSync(process.env.TLS_CERTIFICATE);
  const server = certificate
    ? createSecureServer({ key: certificate, cert: certificate }, app)
    : createServer(app);
  const place = { port: Number(process.env.PORT), host: "127.0.0.1", reusePort: !isMainThread };
  return server.listen(place, () => isServing(server));
}

/** Says where it serves, so that the test knows. */
export function isServing(server) {
  process.stdout.write(`${server.address().port}\n`);
}
