/** Why something was refused, and who can change that. */
export interface Refusal {
  says: string;
  lift: string;
}

const ADMIN_SETTINGS = "An admin can change this in the application's settings.";
const ADMIN_TEAM = "An admin can change this under Team.";
const OWN_BACKEND = "The application's own backend decides this; ask the team that runs it.";
const YOURSELF = "You can mend this here.";

/** Every rule of the domain that can refuse an impersonation, in words for the one refused. */
export const REFUSALS = {
  impersonation_off: {
    says: "User impersonation is off for this application.",
    lift: "An admin can turn it on in the application's settings.",
  },
  application_inactive: {
    says: "This application is disabled.",
    lift: "An admin can enable it again in its settings.",
  },
  actor_inactive: { says: "Your account is not active.", lift: ADMIN_TEAM },
  actor_not_allowed: { says: "Your roles do not include impersonating users.", lift: ADMIN_TEAM },
  actor_email_is_operators: {
    says: "The application named somebody whose e-mail belongs to an operator here.",
    lift: "They can start from this dashboard instead.",
  },
  reason_missing: { says: "A reason is required.", lift: YOURSELF },
  reason_too_short: { says: "The reason is too short.", lift: YOURSELF },
  reason_too_long: { says: "The reason is longer than 1,000 characters.", lift: YOURSELF },
  reason_not_text: {
    says: "The reason holds control or invisible characters.",
    lift: "Type it anew instead of pasting it.",
  },
  ticket_missing: { says: "This application requires a ticket.", lift: YOURSELF },
  ticket_too_long: { says: "The ticket is longer than 200 characters.", lift: YOURSELF },
  ticket_not_text: {
    says: "The ticket holds control or invisible characters, or more than one line.",
    lift: "Type it anew instead of pasting it.",
  },
  minutes_out_of_range: {
    says: "This is longer than a session may last here.",
    lift: ADMIN_SETTINGS,
  },
  scope_not_allowed: { says: "This scope is not allowed here.", lift: ADMIN_SETTINGS },
  return_to_not_a_path: { says: "The page to return to is not a path of the app.", lift: YOURSELF },
  subject_unknown: {
    says: "There is no such user.",
    lift: "Users come from the application; look for them there.",
  },
  subject_inactive: { says: "This user is disabled or deleted.", lift: OWN_BACKEND },
  subject_protected: {
    says: "This user is protected: nobody may work in the account.",
    lift: "An admin can lift the protection, in the menu beside the user.",
  },
  subject_outranks: {
    says: "This user holds a role that ranks as high as yours, or higher.",
    lift: "An admin sets the ranks of roles in the application's settings.",
  },
  subject_is_actor: {
    says: "This is your own account in the app.",
    lift: "Nobody can: sign in to the app as yourself instead.",
  },
  organization_mismatch: { says: "The user is not in this organization.", lift: OWN_BACKEND },
  organization_inactive: { says: "The user's organization is disabled.", lift: OWN_BACKEND },
  nested: {
    says: "This would be an impersonation within an impersonation.",
    lift: "End the session that you are in, then start anew.",
  },
  grant_closed: {
    says: "This permission is used up, cancelled or lapsed.",
    lift: "Ask anew: a permission leads to one session.",
  },
  launch_not_armed: {
    says: "The app was not launched from here, or more than a minute ago.",
    lift: "Launch it again.",
  },
} as const satisfies Record<string, Refusal>;

type Rule = keyof typeof REFUSALS;

/** The words for a rule; a rule that a newer service knows is named as it is. */
export function refusalOf(rule: string): Refusal {
  if (Object.hasOwn(REFUSALS, rule)) return REFUSALS[rule as Rule];
  return { says: `Refused by the rule “${rule}”.`, lift: "Ask an admin." };
}
