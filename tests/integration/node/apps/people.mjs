/** What every app here is: two users, somebody of support, and a link to the service. */

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
});

/** The app's user of that id; for one subject somebody else, as by a mistake. */
export function findUser({ id }) {
  return id === "mallory" ? USERS.ada : USERS[id];
}

export function page(user) {
  const name = user?.name ?? "stranger";
  return `<!doctype html><html><head><title>Shop</title></head><body>Hello ${name}</body></html>`;
}

/** Says where it serves, so that the test knows. */
export function isServing(server) {
  process.stdout.write(`${server.address().port}\n`);
}
