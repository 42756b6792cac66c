export {
  type Access,
  AccessHistory,
  type AccessHistoryProps,
  type AccessPage,
} from "./AccessHistory.tsx";
export { ConsentSettings, type ConsentSettingsProps } from "./ConsentSettings.tsx";
export { ImpersonateButton, type ImpersonateButtonProps } from "./ImpersonateButton.tsx";
export { ImpersonationBanner, type ImpersonationBannerProps } from "./ImpersonationBanner.tsx";
export { type UnderstudyProps, UnderstudyProvider, useUnderstudy } from "./provider.tsx";
export { type Impersonating, useImpersonation } from "./use-impersonation.ts";
