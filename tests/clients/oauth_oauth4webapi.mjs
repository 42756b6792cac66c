// `oauth4webapi`, unchanged: discovery, exchange, the code hand-off, validation, refresh,
// introspection and revocation.
import * as oauth from "oauth4webapi";

const input = await new Response(process.stdin).json();
const insecure = { [oauth.allowInsecureRequests]: true };
const issuer = new URL(input.issuer);
const client = { client_id: input.clientId };
const signIn = {
  basic: oauth.ClientSecretBasic(input.clientSecret),
  post: oauth.ClientSecretPost(input.clientSecret),
};
const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";

const server = await oauth.processDiscoveryResponse(
  issuer,
  await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...insecure }),
);

async function exchange(parameters, how = signIn.basic) {
  const answer = await oauth.genericTokenEndpointRequest(
    server,
    client,
    how,
    EXCHANGE,
    new URLSearchParams(parameters),
    insecure,
  );
  return oauth.processGenericTokenEndpointResponse(server, client, answer);
}

async function byCode(launch) {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const url = new URL(server.authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: input.clientId,
    redirect_uri: launch.redirectUri,
    response_type: "code",
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    login_hint: launch.grantId,
    state,
  });
  const back = await fetch(url, { redirect: "manual", headers: { cookie: launch.cookie } });
  const callback = oauth.validateAuthResponse(
    server,
    client,
    new URL(back.headers.get("location")),
    state,
  );
  const answer = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    signIn.basic,
    callback,
    launch.redirectUri,
    verifier,
    insecure,
  );
  return oauth.processAuthorizationCodeResponse(server, client, answer);
}

function validate(token, audience = input.clientId) {
  const request = new Request("https://app.example/", {
    headers: { authorization: `Bearer ${token}` },
  });
  return oauth.validateJwtAccessToken(server, request, audience, insecure);
}

async function refresh(token) {
  const answer = await oauth.refreshTokenGrantRequest(
    server,
    client,
    signIn.basic,
    token,
    insecure,
  );
  return oauth.processRefreshTokenResponse(server, client, answer);
}

async function introspect(token) {
  const answer = await oauth.introspectionRequest(server, client, signIn.post, token, insecure);
  return oauth.processIntrospectionResponse(server, client, answer);
}

async function revoke(token) {
  const answer = await oauth.revocationRequest(server, client, signIn.post, token, insecure);
  return oauth.processRevocationResponse(answer);
}

async function refusal(attempt) {
  try {
    await attempt;
  } catch (error) {
    return { error: error.error ?? error.code, status: error.status };
  }
  return null;
}

const redeemed = await exchange(input.redeeming);
const delegated = await exchange(input.delegating, signIn.post);
const handedOff = await byCode(input.launch);
const refreshed = await refresh(redeemed.refresh_token);
const found = {
  server,
  redeemed,
  delegated: await validate(delegated.access_token),
  handedOff: await validate(handedOff.access_token),
  validated: await validate(redeemed.access_token),
  refreshed: await validate(refreshed.access_token),
  sameRefreshToken: refreshed.refresh_token === redeemed.refresh_token,
  forAnotherAudience: await refusal(validate(redeemed.access_token, "app_other")),
  live: [await introspect(redeemed.access_token), await introspect(redeemed.refresh_token)],
  refused: await refusal(exchange({ ...input.redeeming, subject_token: "usi_unknown" })),
};
await revoke(redeemed.refresh_token);
found.over = [await introspect(redeemed.access_token), await introspect(redeemed.refresh_token)];
found.refreshedTooLate = await refusal(refresh(redeemed.refresh_token));
found.replayed = await refusal(exchange(input.delegating));
found.afterReplay = await introspect(delegated.access_token);
process.stdout.write(JSON.stringify(found));
