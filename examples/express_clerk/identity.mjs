// Who is served: a session of Clerk's SDK goes before the app's own sign-in.
import { clerkClient, getAuth } from "@clerk/express";
import { person } from "./records.mjs";

// What the SDK keeps in the browser for a session; the app's own sign-in has a cookie of its own.
const CLERK_COOKIES = ["__session", "__client_uat"];

/** Puts `request.served` in place: the user, who really works there, and for which session. */
export async function whoIsServed(request, response, next) {
  const { userId, actor, sessionId } = getAuth(request);
  if (userId === null || userId === undefined) {
    request.served = { user: person(request.session.userId), identity: "own" };
    return next();
  }
  if (!(await isLive(sessionId))) {
    forget(response);
    request.served = { user: person(request.session.userId), identity: "own", hasEnded: true };
    return next();
  }
  request.served = { user: person(userId), actor, sessionId, identity: sessionId };
  next();
}

/** A JWT lives on for up to a minute after its session: whoever works as another is asked for. */
async function isLive(sessionId) {
  try {
    return (await clerkClient.sessions.getSession(sessionId)).status === "active";
  } catch {
    return false; // Over, or nobody can tell: then nobody works as anybody.
  }
}

export async function end(request, response) {
  await clerkClient.sessions.revokeSession(request.served.sessionId);
  forget(response);
}

/** A token for one session as `user`, in the name of the staff member who is signed in. */
export function actorToken(staff, user, reason) {
  const { id: sub, name, email } = staff;
  return clerkClient.actorTokens.create({
    userId: user.id,
    actor: { sub, name, email, reason },
    expiresInSeconds: 600,
    sessionMaxDurationInSeconds: 1800,
  });
}

function forget(response) {
  for (const name of CLERK_COOKIES) response.clearCookie(name, { path: "/" });
}
