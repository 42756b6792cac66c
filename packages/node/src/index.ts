/** Understudy's guard for apps on Node. */

export { impersonationOf } from "./askedBy.ts";
export { Attribution, attributedTo, currentAttribution } from "./attribution.ts";
export { asTheApp, carried, onBehalfOf } from "./carrying.ts";
export { currentImpersonation, type Impersonation } from "./context.ts";
export { ForbiddenWhileImpersonating, UnderstudyError } from "./core/errors.ts";
export { SideEffects } from "./effects/sideEffects.ts";
export { forbidWhileImpersonating } from "./forbidding.ts";
export type { Options } from "./installed.ts";
export { logTo } from "./logging.ts";
export { MethodOverrides } from "./overrides.ts";
export { type Member, SignInRequired } from "./staff.ts";
export type { SessionNotice } from "./telling.ts";
export { type RemoteOptions, Started, Understudy } from "./understudy.ts";
export type { ActiveSession, Actor, Minted, Organization, Subject } from "./values.ts";
