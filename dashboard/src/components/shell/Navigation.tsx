import {
  IconActivity,
  IconAlertTriangle,
  IconChecklist,
  IconEditCircle,
  IconListDetails,
  IconSettings,
  IconShieldHalf,
  IconUsers,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { Permission } from "../../api/types";
import { useApprovalsCount } from "../../hooks/use-approvals-count";
import { useMe } from "../../hooks/use-me";
import classes from "./Navigation.module.css";

const PLACES = [
  { to: "/users", label: "Users", Icon: IconUsers, needs: "directory.read" },
  { to: "/sessions", label: "Sessions", Icon: IconActivity, needs: "sessions.read" },
  { to: "/changes", label: "Changes", Icon: IconEditCircle, needs: "unlocks.decide" },
  { to: "/approvals", label: "Approvals", Icon: IconChecklist, needs: "approvals.decide" },
  { to: "/cases", label: "Cases", Icon: IconAlertTriangle, needs: "cases.read" },
  { to: "/audit", label: "Audit", Icon: IconListDetails, needs: "audit.read" },
  { to: "/team", label: "Team", Icon: IconShieldHalf, needs: "operators.read" },
  { to: "/settings", label: "Settings", Icon: IconSettings, needs: "applications.read" },
] as const satisfies { needs: Permission; to: string; label: string; Icon: unknown }[];

/** The pages that this operator's roles include. */
export function Navigation() {
  const { permissions } = useMe();
  const waiting = useApprovalsCount();
  return (
    <nav className={classes.navigation} aria-label="Main">
      {PLACES.filter(({ needs }) => permissions.includes(needs)).map(({ to, label, Icon }) => (
        <Link key={to} to={to} className={classes.place}>
          <Icon size={19} stroke={1.6} aria-hidden="true" />
          <span>{label}</span>
          {to === "/approvals" && waiting > 0 && (
            <span className={classes.count}>
              {waiting}
              <span className="spoken"> waiting for you</span>
            </span>
          )}
        </Link>
      ))}
    </nav>
  );
}
