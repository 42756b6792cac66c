/** Understudy's guard for apps on Node. */

export { UnderstudyError } from "./core/errors.ts";
export type { ActiveSession, Actor, Organization, Subject } from "./values.ts";
