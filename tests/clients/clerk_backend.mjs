// @clerk/backend, with nothing set but URL and keys: what a Node backend does with impersonation.
import { readFileSync } from "node:fs";
import { createClerkClient, verifyToken } from "@clerk/backend";

const given = JSON.parse(readFileSync(0, "utf8"));
const { apiUrl, publishableKey, secretKey, actor, pem } = given;
const clerk = createClerkClient({ apiUrl, publishableKey, secretKey });

async function refusal(work) {
  try {
    await work;
    return null;
  } catch (error) {
    return { status: error.status, code: error.errors?.[0]?.code, meta: error.errors?.[0]?.meta };
  }
}

async function redeemed(ticket) {
  const answer = await fetch(`${apiUrl}/v1/tickets/exchange`, {
    method: "POST",
    headers: { authorization: `Bearer ${secretKey}`, "content-type": "application/json" },
    body: JSON.stringify({ ticket }),
  });
  return answer.json();
}

async function landingNonce(ticketUrl) {
  const url = new URL(ticketUrl);
  const page = await fetch(url.origin + url.pathname, {
    method: "POST",
    headers: { "sec-fetch-site": "same-origin" },
    body: new URLSearchParams({ ticket: url.searchParams.get("ticket") }),
  });
  const landing = new URL(page.headers.get("refresh").replace("0; url=", ""));
  return landing.searchParams.get("__clerk_handshake_nonce");
}

async function state(token, options = {}) {
  const request = new Request("http://app.example/", {
    headers: token ? { authorization: `Bearer ${token}` } : {},
  });
  const found = await clerk.authenticateRequest(request, options);
  const auth = found.toAuth();
  return {
    status: found.status,
    reason: found.reason,
    userId: auth?.userId,
    actor: auth?.actor,
    sessionId: auth?.sessionId,
  };
}

const actorToken = await clerk.actorTokens.create({ userId: "ada", actor });
const exchanged = await redeemed(actorToken.token);
const sessionId = exchanged.session.id;
const minted = await clerk.sessions.getToken(sessionId);
const templated = await clerk.sessions.getToken(sessionId, "any-template");
const byJwks = await state(minted.jwt);
const byPem = await state(minted.jwt, { jwtKey: pem });
const verified = await verifyToken(minted.jwt, { apiUrl, secretKey });
const sessions = await clerk.sessions.getSessionList({ userId: "ada", status: "active" });
const unused = await clerk.actorTokens.create({ userId: "ada", actor });
const withdrawn = await clerk.actorTokens.revoke(unused.id);

const out = {
  actorToken: { status: actorToken.status, userId: actorToken.userId, actor: actorToken.actor },
  withdrawn: withdrawn.status,
  exchanged,
  byJwks,
  byPem,
  verified,
  templatedActor: (await verifyToken(templated.jwt, { apiUrl, secretKey })).act,
  session: (await clerk.sessions.getSession(sessionId)).actor,
  sessions: { ids: sessions.data.map(({ id }) => id), totalCount: sessions.totalCount },
  ticketAsBearer: await state(unused.token),
  others: await Promise.all(
    Object.entries(given.others).map(async ([k, t]) => [k, await state(t)]),
  ),
  othersByPem: await Promise.all(
    Object.entries(given.others).map(async ([k, t]) => [k, await state(t, { jwtKey: pem })]),
  ),
};
const users = await clerk.users.getUserList({ emailAddress: ["ada@acme.example"] });
out.users = { ids: users.data.map(({ id }) => id), totalCount: users.totalCount };
const made = await clerk.users.createUser({
  emailAddress: ["new@acme.example"],
  firstName: "New",
  lastName: "User",
  publicMetadata: { plan: "gold" },
  skipPasswordRequirement: true,
});
const changed = await clerk.users.updateUser(made.id, { firstName: "Newer" });
out.made = {
  id: made.id,
  fullName: changed.fullName,
  email: changed.primaryEmailAddress.emailAddress,
  publicMetadata: changed.publicMetadata,
};
out.deleted = await clerk.users.deleteUser(made.id);
out.user = (await clerk.users.getUser("ada")).firstName;
out.revoked = (await clerk.sessions.revokeSession(sessionId)).status;
const landed = await clerk.actorTokens.create({ userId: "ada", actor });
const nonce = await landingNonce(landed.url);
out.directives = (await clerk.clients.getHandshakePayload({ nonce })).directives;
out.refusals = {
  replayedNonce: await refusal(clerk.clients.getHandshakePayload({ nonce })),
  replayedTicket: await redeemed(landed.token).then(({ errors }) => ({
    status: 400,
    code: errors?.[0]?.code,
  })),
  revokedSession: await refusal(clerk.sessions.getToken(sessionId)),
  withdrawnAgain: await refusal(clerk.actorTokens.revoke(unused.id)),
  usedOne: await refusal(clerk.actorTokens.revoke(actorToken.id)),
  unknownUser: await refusal(clerk.actorTokens.create({ userId: "nobody", actor })),
  protectedUser: await refusal(clerk.actorTokens.create({ userId: "root", actor })),
  noSub: await refusal(clerk.actorTokens.create({ userId: "ada", actor: {} })),
  signInToken: await refusal(
    clerk.signInTokens.createSignInToken({ userId: "ada", expiresInSeconds: 60 }),
  ),
  unknownSession: await refusal(clerk.sessions.getSession("ses_unknown")),
  wrongKey: await refusal(
    createClerkClient({ apiUrl, publishableKey, secretKey: "sk_live_wrong" }).users.getUser("ada"),
  ),
  createSession: await refusal(clerk.sessions.createSession({ userId: "ada" })),
};
process.stdout.write(JSON.stringify(out));
