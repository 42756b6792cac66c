/** What a user says, and asks, about those who work in their account; the app vouches for them. */

/** One thing that a user does, or looks at. */
export type Deed =
  | "state"
  | "history"
  | "agree"
  | "withdraw"
  | "allow"
  | "decline"
  | "code"
  | "end"
  | "not_agreed";

/** What changes nothing. */
export const LOOKS: ReadonlySet<Deed> = new Set<Deed>(["state", "history"]);
/** What lets somebody in: only ever by the user's own word. */
export const GIVES: ReadonlySet<Deed> = new Set<Deed>(["agree", "allow", "code"]);
/** What comes with words of the user's, be they none. */
export const SAYS_MORE: ReadonlySet<Deed> = new Set<Deed>(["agree", "not_agreed"]);

const PATHS: Readonly<Record<Deed, (target: string) => string>> = {
  state: () => "consents",
  history: () => "history?limit=50",
  agree: () => "consents",
  withdraw: () => "consents/withdraw",
  allow: (target) => `consent-requests/${target}/allow`,
  decline: (target) => `consent-requests/${target}/decline`,
  code: (target) => `consent-requests/${target}/code`,
  end: (target) => `history/${target}/end`,
  not_agreed: (target) => `history/${target}/not-agreed`,
};

/** `subjectId` does `deed`; `target` is the request or the session that it is about. */
export interface UserSays {
  readonly subjectId: string;
  readonly deed: Deed;
  readonly target: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** What the service answers: JSON of which each deed knows its own. */
export type Told = Readonly<Record<string, unknown>>;

/** Where the native API takes it. */
export function pathOf({ subjectId, deed, target }: UserSays): string {
  return `/subjects/${encodeURIComponent(subjectId)}/${PATHS[deed](encodeURIComponent(target))}`;
}

/**
 * What the user's own browser gets of what the service told the app.
 *
 * Of who was in the account it is the name: ids and addresses are the staff's own.
 */
export function shown(deed: Deed, told: Told): Told {
  if (deed !== "history") return told;
  const items = told.items as readonly { readonly actor: object }[];
  return {
    ...told,
    items: items.map((item) => ({ ...item, actor: { ...item.actor, id: null, email: null } })),
  };
}
