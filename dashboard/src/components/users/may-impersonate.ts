import type { Application, Subject } from "../../api/types";

// What operators have unless set otherwise; the service compares with the real one.
export const OPERATOR_RANK = 100;

/** Why *Impersonate* would be refused for this user, as far as it can be seen from here. */
export function hindrance(subject: Subject, application: Application | undefined): string | null {
  if (subject.protected) return "Protected: nobody may work in this account";
  if (subject.status !== "active") return "Disabled: this account is not in use";
  if (subject.rank >= OPERATOR_RANK) return "Holds a role that ranks as high as yours";
  if (application?.status === "disabled") return "The application is disabled";
  if (application?.settings.impersonation_allowed === false) {
    return "User impersonation is off for this application";
  }
  return null;
}
