import type { Application } from "../../api/types";

const CONTENTS = [
  ["impersonation", "Allow"],
  ["limits", "Limits"],
  ["insiders", "Limits on operators"],
  ["approval", "Approval"],
  ["consent", "Consent"],
  ["blocked", "Blocked actions"],
  ["deny-packs", "Deny profile"],
  ["redaction", "Hidden fields"],
  ["addresses", "Addresses"],
  ["hand-off", "Hand-off"],
  ["rbac", "Stytch roles"],
  ["logout", "Logout notice"],
  ["ranks", "Ranks of roles"],
  ["retention", "Retention"],
  ["help-desk", "Help desk"],
  ["secret", "Secret"],
  ["connect", "Connect the app"],
  ["application", "Application"],
] as const;

type Section = (typeof CONTENTS)[number];

/** The sections that somebody sees of the settings page, by their anchors, in their order. */
export function contentsOf({ settings }: Application, mayChange: boolean): Section[] {
  return CONTENTS.filter(([anchor]) => {
    if (anchor === "insiders") return settings.insiders !== null;
    return mayChange || anchor !== "application";
  });
}
