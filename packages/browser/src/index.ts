export { type Quiet, type QuietOptions, withoutAnalytics } from "./quiet.ts";
export { Refusal, type RefusalCode } from "./refusal.ts";
export { createUnderstudy, type Understudy, type UnderstudyOptions } from "./understudy.ts";
export type {
  BlockedAction,
  Impersonation,
  NoImpersonation,
  Person,
  Scope,
  Started,
  Status,
  Wanted,
} from "./values.ts";
