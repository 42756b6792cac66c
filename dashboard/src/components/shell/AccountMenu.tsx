import { Menu, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import {
  IconDeviceDesktop,
  IconLogout,
  IconMoon,
  IconSelector,
  IconSun,
  IconUserCircle,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useMe } from "../../hooks/use-me";
import { useOwnSessions } from "../../hooks/use-own-sessions";
import { useSignOut } from "../../hooks/use-sign-out";
import { Face } from "../../ui/Face";
import { ROLES } from "../../wording/roles";
import classes from "./AccountMenu.module.css";

// Few leave with a session open, and the first page need not wait for them.
const SignOutDialog = lazy(() =>
  import("./SignOutDialog").then((module) => ({ default: module.SignOutDialog })),
);

const SCHEMES = [
  { value: "auto", label: "Like the system", Icon: IconDeviceDesktop },
  { value: "light", label: "Light", Icon: IconSun },
  { value: "dark", label: "Dark", Icon: IconMoon },
] as const;

/** Who is signed in, how the dashboard looks to them, and the way out. */
export function AccountMenu() {
  const me = useMe();
  const signOut = useSignOut();
  const sessions = useOwnSessions();
  const [leaving, setLeaving] = useState(false);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const roles = me.roles.map((role) => ROLES[role].name).join(", ");
  return (
    <>
      <Menu position="top-start" width={230}>
        <Menu.Target>
          <UnstyledButton className={classes.button}>
            <span className="spoken">Your account: </span>
            <Face id={me.id} name={me.name} size={32} />
            <span className={classes.words}>
              <span className={classes.name}>{me.name}</span>{" "}
              <span className={classes.roles}>{roles}</span>
            </span>
            <IconSelector size={16} className={classes.hint} aria-hidden="true" />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconUserCircle size={16} />}
            renderRoot={(props) => <Link to="/account" {...props} />}
          >
            Your account
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>Appearance</Menu.Label>
          {SCHEMES.map(({ value, label, Icon }) => (
            <Menu.Item
              key={value}
              leftSection={<Icon size={16} />}
              {...(colorScheme === value && { className: classes.chosen })}
              // The menu would call it a plain item, which cannot be the chosen one.
              renderRoot={(props) => (
                <button {...props} role="menuitemradio" aria-checked={colorScheme === value} />
              )}
              onClick={() => setColorScheme(value)}
            >
              {label}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconLogout size={16} />}
            onClick={() => (sessions.length > 0 ? setLeaving(true) : signOut.mutate())}
          >
            {sessions.length > 0 ? "Sign out…" : "Sign out"}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {leaving && (
        <Suspense>
          <SignOutDialog opened sessions={sessions} onClose={() => setLeaving(false)} />
        </Suspense>
      )}
    </>
  );
}
