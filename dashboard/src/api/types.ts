import type { components } from "./schema";

type Schemas = components["schemas"];

export type Me = Schemas["Me"];
export type Permission = Schemas["Permission"];
export type Role = Schemas["Role"];
export type RoleAnswer = Schemas["RoleAnswer"];
export type Operator = Schemas["OperatorAnswer"];
export type OperatorInvited = Schemas["OperatorInvited"];
export type Invitation = Schemas["InvitationAnswer"];
export type Application = Schemas["ApplicationAnswer"];
export type ApplicationSecret = Schemas["ApplicationSecret"];
export type Settings = Schemas["SettingsAnswer"];
export type SettingsChange = Schemas["SettingsChange"];
export type BlockedAction = Schemas["BlockedActionShape"];
export type Subject = Schemas["SubjectAnswer"];
export type Organization = Schemas["OrganizationDetail"];
export type Scope = Schemas["Scope"];
export type Grant = Schemas["GrantAnswer"];
export type GrantStatus = Schemas["GrantStatus"];
export type Session = Schemas["SessionAnswer"];
export type EndCause = Schemas["EndCause"];
export type Entry = Schemas["EntryAnswer"];
export type EventType = Schemas["EventType"];
export type Outcome = Schemas["Outcome"];
export type Party = Schemas["PartyAnswer"];
export type Receipt = Schemas["ReceiptAnswer"];
export type StartImpersonation = Schemas["StartImpersonation"];
export type UpdateApplication = Schemas["UpdateApplication"];
export type CreateApplication = Schemas["CreateApplication"];
export type InviteOperator = Schemas["InviteOperator"];
export type UpdateOperator = Schemas["UpdateOperator"];

/** One page of a list. */
export interface Listed<Item> {
  items: Item[];
  next_cursor: string | null;
}
