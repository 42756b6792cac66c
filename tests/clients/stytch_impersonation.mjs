// `stytch` for Node, unchanged: a token exchanged, the session seen by token and JWT, checked
// locally, not moved, not prolonged, not begun twice, revoked. Only the base URL is not Stytch's.
import stytch from "stytch";

const input = await new Response(process.stdin).json();
const consumer = input.vertical === "consumer";
const config = { project_id: input.projectId, secret: input.secret, env: input.base };
const client = consumer ? new stytch.Client(config) : new stytch.B2BClient(config);
const sessionOf = (answer) => answer.member_session ?? answer.session;

async function refusal(call) {
  try {
    await call();
  } catch (error) {
    return {
      kind: error.constructor.name,
      status: error.status_code,
      type: error.error_type,
      hasMessage: Boolean(error.error_message) && Boolean(error.request_id),
    };
  }
  return null;
}

const began = await client.impersonation.authenticate({ impersonation_token: input.token });
const session_token = began.session_token;
const session_jwt = began.session_jwt;
const byToken = await client.sessions.authenticate({ session_token });
const byJwt = await client.sessions.authenticate({ session_jwt });
const prolonged = await client.sessions.authenticate({
  session_token,
  session_duration_minutes: 1000,
});
const local = await client.sessions.authenticateJwtLocal({ session_jwt });
const remote = await client.sessions.authenticateJwt({ session_jwt, max_token_age_seconds: 0 });
const replayed = await refusal(() =>
  client.impersonation.authenticate({ impersonation_token: input.token }),
);
const moved = consumer
  ? null
  : await refusal(() =>
      client.sessions.exchange({ session_token, organization_id: input.organizationId }),
    );
const forged = {};
for (const [kind, jwt] of Object.entries(input.forged)) {
  forged[kind] = [
    await refusal(() => client.sessions.authenticateJwtLocal({ session_jwt: jwt })),
    await refusal(() => client.sessions.authenticate({ session_jwt: jwt })),
  ];
}
await client.sessions.revoke({ session_jwt });
const revoked = [
  await refusal(() => client.sessions.authenticate({ session_token })),
  await refusal(() => client.sessions.authenticate({ session_jwt })),
];

process.stdout.write(
  JSON.stringify({
    subject: began.member_id ?? began.user_id,
    session: sessionOf(began),
    same: [byToken, byJwt, prolonged, remote].map(
      (answer) => JSON.stringify(sessionOf(answer)) === JSON.stringify(sessionOf(began)),
    ),
    sameToken: [byToken, byJwt].every((answer) => answer.session_token === session_token),
    local: local.member_session ?? local.session ?? local,
    replayed,
    moved,
    forged,
    revoked,
  }),
);
