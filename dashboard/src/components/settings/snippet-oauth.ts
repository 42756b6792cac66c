import type { Connection, Way } from "./snippet";
import { SECRET } from "./snippet-sdk";

const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const IMPERSONATION = "urn:understudy:params:oauth:token-type:impersonation-token";

/** Any OAuth library, in any language: discovery and token exchange. */
export function oauthWay({ url, application }: Connection): Way {
  const plain = url.startsWith("http:");
  return {
    id: "oauth",
    name: "OAuth",
    lead: "For any language: an OAuth library finds everything at the issuer and exchanges a token for a session (RFC 8693).",
    snippets: [
      {
        name: "Environment",
        code: `OAUTH_ISSUER=${url}
OAUTH_CLIENT_ID=${application.id}
OAUTH_CLIENT_SECRET=${SECRET}`,
      },
      {
        name: "curl",
        code: `curl -u "$OAUTH_CLIENT_ID:$OAUTH_CLIENT_SECRET" ${url}/oauth2/token \\
  -d grant_type=${EXCHANGE} \\
  -d subject_token_type=${IMPERSONATION} \\
  --data-urlencode subject_token="$IMPERSONATION_TOKEN"`,
      },
      {
        name: "Node, with openid-client",
        code: `import * as oauth from "openid-client";

const server = new URL(process.env.OAUTH_ISSUER);
const { OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET } = process.env;
const config = await oauth.discovery(
  server,
  OAUTH_CLIENT_ID,
  undefined,
  oauth.ClientSecretBasic(OAUTH_CLIENT_SECRET),
  { algorithm: "oauth2"${plain ? ", execute: [oauth.allowInsecureRequests]" : ""} },
);
const answer = await oauth.genericGrantRequest(config, "${EXCHANGE}", {
  subject_token: impersonationToken,
  subject_token_type: "${IMPERSONATION}",
});`,
      },
      {
        name: "Where JWTs are checked",
        code: `${url}/.well-known/oauth-authorization-server
${url}/.well-known/jwks.json?application_id=${application.id}`,
      },
    ],
    note: plain
      ? "OAuth libraries refuse plain http unless they are told otherwise, as below; over https nothing has to be said."
      : null,
  };
}
