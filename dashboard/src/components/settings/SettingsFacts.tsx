import type { ReactNode } from "react";
import type { Application, Settings } from "../../api/types";
import { useMay } from "../../hooks/use-me";
import { Facts } from "../../ui/Facts";
import { Panel } from "../../ui/Panel";
import { titleOf } from "../../wording/deny-packs";
import { ROLES } from "../../wording/roles";
import { SCOPES } from "../../wording/sessions";
import { HeldBack } from "./HeldBack";
import { InsiderFacts } from "./InsiderFacts";
import { KINDS } from "./redaction-words";
import classes from "./Settings.module.css";

const HAND_OFFS: Partial<Record<Settings["hand_off"], string>> = {
  code: "A code that fits one browser",
  stytch: "A token in the address, as Stytch does it",
};

const WITHOUT_RANK = { allow: "Can be impersonated", refuse: "Cannot be impersonated" };

const CONSENT = { off: "Nothing", standing: "Once, for a time", ask: "Each time" };

/** All settings as text, for those who look at them and change none. */
export function SettingsFacts({ application }: { application: Application }) {
  const mayHolds = useMay("holds.read");
  const { settings } = application;
  return (
    <>
      <Panel id="impersonation" title="Impersonation">
        <Facts
          facts={[["User impersonation", settings.impersonation_allowed ? "Allowed" : "Off"]]}
        />
      </Panel>
      <Panel id="limits" title="Limits">
        <Facts facts={limitsOf(settings)} />
      </Panel>
      <InsiderFacts limits={settings.insiders} />
      <Panel id="approval" title="Approval">
        <Facts facts={approvalOf(settings)} />
      </Panel>
      <Panel id="consent" title="Consent">
        <Facts facts={consentOf(settings)} />
      </Panel>
      <Panel id="blocked" title="Blocked actions">
        <Listed none="Nothing is blocked.">
          {settings.blocked_actions.map(({ method, pattern, label }) => (
            <li key={`${method} ${pattern}`}>
              <code>
                {method === "*" ? "any" : method} {pattern}
              </code>{" "}
              {label}
            </li>
          ))}
        </Listed>
      </Panel>
      <Panel id="deny-packs" title="Deny profile">
        <Listed none="No pack is on.">
          {settings.deny_packs.packs.map((pack) => (
            <li key={pack}>{titleOf(pack)}</li>
          ))}
        </Listed>
        <Facts
          facts={[
            ["Excepted", <Codes key="excepted" values={settings.deny_packs.excepted ?? []} />],
          ]}
        />
      </Panel>
      <Panel id="redaction" title="Hidden fields">
        <Listed none="Nothing is hidden.">{hiddenOf(settings.redaction)}</Listed>
      </Panel>
      <Panel id="addresses" title="Addresses">
        <Facts
          facts={[
            ["Redirect URLs", <Codes key="redirect" values={settings.redirect_urls} />],
            ["Launch URL", <Codes key="launch" values={[settings.effective_launch_url]} />],
            ["Origins of sessions", <Codes key="own" values={[settings.session_origins]} />],
          ]}
        />
      </Panel>
      <Panel id="hand-off" title="Hand-off">
        <Facts facts={handOffOf(application)} />
      </Panel>
      <Panel id="rbac" title="Stytch roles">
        <Listed none="None.">
          {settings.rbac_roles.map(({ role_id, description, permissions = [] }) => (
            <li key={role_id}>
              <strong>{role_id}</strong> {description}
              {permissions.map(({ resource_id, actions }) => (
                <div key={resource_id}>
                  <code>{resource_id}</code>: {actions.join(", ")}
                </div>
              ))}
            </li>
          ))}
        </Listed>
      </Panel>
      <Panel id="logout" title="Logout notice">
        <Facts facts={[["Sent to", <Codes key="to" values={[settings.logout_url]} />]]} />
      </Panel>
      <Panel id="ranks" title="Ranks of roles">
        <Listed none="No role has a rank; all count 0.">
          {Object.entries(settings.role_ranks).map(([role, rank]) => (
            <li key={role}>
              {role}: <span className="numbers">{rank}</span>
            </li>
          ))}
        </Listed>
        <Facts facts={[["Users with another role", WITHOUT_RANK[settings.unranked_roles]]]} />
      </Panel>
      <Panel id="retention" title="Retention">
        <Facts facts={[["Keeps facts for", count(settings.retention_days, "day")]]} />
        {mayHolds && <HeldBack application={application} />}
      </Panel>
    </>
  );
}

function limitsOf(settings: Settings): [string, ReactNode][] {
  const scopes = settings.allowed_scopes.map((scope) => SCOPES[scope].name).join(", ");
  return [
    ["Longest session", count(settings.max_minutes, "minute")],
    ["Usual session", count(settings.default_minutes, "minute")],
    ["Ends when idle for", count(settings.idle_minutes, "minute")],
    ["Reason, at least", count(settings.reason_min_length, "character")],
    ["Ticket", settings.ticket_required ? "Required" : "Optional"],
    ["Single changes", settings.unlocks ? "Can be asked for" : "Not offered"],
    ["Allowed scopes", scopes],
    ["Chosen at first", SCOPES[settings.default_scope].name],
  ];
}

function approvalOf({ approval }: Settings): [string, ReactNode][] {
  if (approval.quorum === 0) return [["Approval", "Not asked for"]];
  return [
    ["Have to agree", approval.quorum],
    ["Who may agree", approval.roles.map((role) => ROLES[role].name).join(", ")],
    ["Groups that may agree", approval.groups.join(", ")],
    ["A request waits", count(approval.pending_minutes, "minute")],
    [
      "Without approval",
      approval.break_glass ? count(approval.break_glass_minutes, "minute") : "Never",
    ],
  ];
}

function consentOf({ consent }: Settings): [string, ReactNode][] {
  const others = Object.entries(consent.organizations);
  return [
    ["Users are asked", CONSENT[consent.mode]],
    ["Agree for at most", count(consent.standing_days, "day")],
    ["Shown to users as", consent.shown_as ?? "Their name"],
    ["Users are told of each start", consent.tell ? "Yes" : "No"],
    ...others.map(([id, mode]): [string, ReactNode] => [`Users of ${id} are asked`, CONSENT[mode]]),
  ];
}

function handOffOf({ settings, public_token }: Application): [string, ReactNode][] {
  const { browser_sdk, browser_origins } = settings;
  return [
    ["Hand-off", HAND_OFFS[settings.hand_off] ?? settings.hand_off],
    ["Browser SDK", browser_sdk ? "On" : "Off"],
    [
      "Origins that may call",
      browser_sdk ? <Codes key="origins" values={browser_origins} /> : null,
    ],
    ["Public token", browser_sdk ? <code key="token">{public_token}</code> : null],
    ["Sign-in by a ticket", settings.ticket_sign_in ? "On" : "Off"],
  ];
}

function Codes({ values }: { values: readonly (string | null)[] }) {
  const given = values.filter((value) => value !== null);
  if (given.length === 0) return "None";
  return given.map((value) => (
    <div key={value}>
      <code>{value}</code>
    </div>
  ));
}

function Listed({ none, children }: { none: string; children: ReactNode[] }) {
  if (children.length === 0) return <p className={classes.cardFacts}>{none}</p>;
  return <ul className={classes.listed}>{children}</ul>;
}

function count(number: number, unit: string): string {
  return `${number.toLocaleString()} ${unit}${number === 1 ? "" : "s"}`;
}

function hiddenOf({ secrets = false, rules = [], open_routes = [] }: Settings["redaction"]) {
  return [
    ...(secrets ? [<li key="secrets">Secrets and tokens</li>] : []),
    ...rules.map(({ kind, match, deed, revealable }) => (
      <li key={`${kind} ${match}`}>
        {KINDS[kind]} <code>{match}</code> {deed === "drop" ? "is left out" : "is masked"}
        {revealable && ", and may be shown to an actor who says why"}
      </li>
    )),
    ...open_routes.map((pattern) => (
      <li key={pattern}>
        Files at <code>{pattern}</code> go out unread
      </li>
    )),
  ];
}
