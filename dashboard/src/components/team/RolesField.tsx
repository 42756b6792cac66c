import { Checkbox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { rolesQuery } from "../../api/operators";
import type { Role } from "../../api/types";
import { PERMISSIONS, ROLES } from "../../wording/roles";
import classes from "./Team.module.css";

interface Props {
  value: Role[];
  onChange: (roles: Role[]) => void;
  error?: string | undefined;
}

const ORDER = Object.keys(ROLES) as Role[];

/** Roles to choose from, each with all that it permits. */
export function RolesField({ value, onChange, error }: Props) {
  const { data: roles } = useQuery(rolesQuery);
  return (
    <Checkbox.Group
      label="Roles"
      error={error}
      value={value}
      onChange={(chosen) => onChange(ORDER.filter((role) => chosen.includes(role)))}
    >
      {ORDER.map((role) => (
        <div key={role} className={classes.role}>
          <Checkbox value={role} label={ROLES[role].name} description={ROLES[role].means} />
          <details className={classes.permissions}>
            <summary>
              Permits<span className="spoken"> for {ROLES[role].name}</span>
            </summary>
            <ul>
              {roles
                ?.find((one) => one.role === role)
                ?.permissions.map((permission) => (
                  <li key={permission}>{PERMISSIONS[permission]}</li>
                ))}
            </ul>
          </details>
        </div>
      ))}
    </Checkbox.Group>
  );
}
