// @clerk/express in a server-rendered app without browser code: a browser comes from the ticket's
// page, has its cookies renewed by the handshake, and is signed out when the session is over.
import { readFileSync } from "node:fs";
import { clerkClient, clerkMiddleware, getAuth } from "@clerk/express";
import express from "express";

const given = JSON.parse(readFileSync(0, "utf8"));
const { proxyUrl, port, ticketUrl, staleJwt } = given;
const app = express();
app.use(clerkMiddleware({ proxyUrl }));
app.get("/{*path}", (request, response) => {
  const { userId, actor, sessionId } = getAuth(request);
  response.json({ userId, actor, sessionId });
});
const server = await new Promise((resolve) => {
  const listening = app.listen(port, "127.0.0.1", () => resolve(listening));
});
const home = `http://127.0.0.1:${port}`;

const jars = new Map();
const jarOf = (url) => {
  const { origin } = new URL(url);
  if (!jars.has(origin)) jars.set(origin, new Map());
  return jars.get(origin);
};

function keep(url, response) {
  for (const line of response.headers.getSetCookie()) {
    const [pair, ...attributes] = line.split(";");
    const [name, value] = pair.split(/=(.*)/s);
    const gone = attributes.some((attribute) => /^\s*max-age=0$/i.test(attribute));
    if (gone) jarOf(url).delete(name);
    else jarOf(url).set(name, value);
  }
}

async function visit(url, { document = true, ...options } = {}) {
  const cookie = [...jarOf(url)].map(([name, value]) => `${name}=${value}`).join("; ");
  const headers = {
    accept: document ? "text/html" : "application/json",
    "sec-fetch-dest": document ? "document" : "empty",
    ...(cookie ? { cookie } : {}),
    ...options.headers,
  };
  const response = await fetch(url, { ...options, headers, redirect: "manual" });
  keep(url, response);
  return response;
}

async function followed(url) {
  const statuses = [];
  let response = await visit(url);
  statuses.push(response.status);
  let at = url;
  while (response.status === 307 && statuses.length < 5) {
    at = response.headers.get("location");
    response = await visit(at);
    statuses.push(response.status);
  }
  return { statuses, at, seen: await response.json() };
}

const out = { before: await followed(`${home}/`) };
const page = await visit(ticketUrl);
out.page = page.status;
const ticket = new URL(ticketUrl).searchParams.get("ticket");
const accepted = await visit(ticketUrl.split("?")[0], {
  method: "POST",
  body: new URLSearchParams({ ticket }),
  headers: { "sec-fetch-site": "same-origin" },
});
out.accepted = accepted.status;
const landing = accepted.headers.get("refresh").replace("0; url=", "");
out.landing = (await followed(landing)).seen;
out.cookies = [...jarOf(home).keys()].sort();
out.clean = await followed(`${home}/invoices`);
out.fetched = await (await visit(`${home}/api`, { document: false })).json();
out.landingAgain = (await followed(landing)).seen;

// Each of these stands for a visit some time after the one before: the SDK's count of redirects
// within three seconds is not carried over.
const stale = (change) => {
  jarOf(home).delete("__clerk_redirect_count");
  change(jarOf(home));
  return followed(`${home}/again?x=1&y=%2F`);
};
out.withoutUat = await stale((jar) => jar.delete("__client_uat"));
out.withoutSession = await stale((jar) => jar.delete("__session"));
out.expired = await stale((jar) => jar.set("__session", staleJwt));
jarOf(home).set("__session", staleJwt);
out.expiredFetch = await (await visit(`${home}/api`, { document: false })).json();

const kept = new Map(jarOf(new URL(proxyUrl).origin));
jarOf(new URL(proxyUrl).origin).clear();
out.otherBrowser = await stale((jar) => jar.set("__session", staleJwt));
for (const [name, value] of kept) jarOf(new URL(proxyUrl).origin).set(name, value);
out.backAgain = await stale((jar) => jar.set("__session", staleJwt));

await clerkClient.sessions.revokeSession(out.landing.sessionId);
out.revoked = await stale((jar) => jar.set("__session", staleJwt));
out.cookiesAfter = [...jarOf(home)];
server.close();
server.closeAllConnections();
process.stdout.write(JSON.stringify(out));
