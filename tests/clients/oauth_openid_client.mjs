// `openid-client`, unchanged: discovery, exchange, the code hand-off, refresh, introspection and
// revocation.
import * as client from "openid-client";

const input = await new Response(process.stdin).json();
const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";

const config = await client.discovery(
  new URL(input.issuer),
  input.clientId,
  undefined,
  client.ClientSecretBasic(input.clientSecret),
  { algorithm: "oauth2", execute: [client.allowInsecureRequests] },
);

async function byCode(launch) {
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: launch.redirectUri,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    login_hint: launch.grantId,
    state,
  });
  const back = await fetch(url, { redirect: "manual", headers: { cookie: launch.cookie } });
  return client.authorizationCodeGrant(config, new URL(back.headers.get("location")), {
    pkceCodeVerifier: verifier,
    expectedState: state,
  });
}

async function refusal(attempt) {
  try {
    await attempt;
  } catch (error) {
    return { error: error.error ?? error.code, status: error.status };
  }
  return null;
}

const redeemed = await client.genericGrantRequest(config, EXCHANGE, input.redeeming);
const delegated = await client.genericGrantRequest(config, EXCHANGE, input.delegating);
const handedOff = await byCode(input.launch);
const refreshed = await client.refreshTokenGrant(config, redeemed.refresh_token);
const found = {
  issuer: config.serverMetadata().issuer,
  redeemed,
  expiresIn: redeemed.expiresIn(),
  live: await client.tokenIntrospection(config, refreshed.access_token),
  delegated: await client.tokenIntrospection(config, delegated.access_token),
  handedOff: await client.tokenIntrospection(config, handedOff.access_token),
  replayed: await refusal(client.genericGrantRequest(config, EXCHANGE, input.delegating)),
};
await client.tokenRevocation(config, refreshed.access_token);
found.over = await client.tokenIntrospection(config, redeemed.refresh_token);
found.refreshedTooLate = await refusal(client.refreshTokenGrant(config, redeemed.refresh_token));
process.stdout.write(JSON.stringify(found));
