import type { PresetName } from "../api/types";

/** Whose export a file is. */
export const PRESETS: Record<PresetName, string> = {
  auth0: "Auth0",
  clerk: "Clerk",
  cognito: "Amazon Cognito",
  firebase: "Firebase",
  okta: "Okta",
  scim: "SCIM",
  stytch: "Stytch",
};
