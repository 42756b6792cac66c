import type { ReactNode } from "react";
import { Face } from "./Face";
import classes from "./Person.module.css";

interface Props {
  id: string;
  name: string | null;
  email: string | null;
  /** Takes the place of the name, for instance a link that reads like it. */
  title?: ReactNode;
  size?: number;
}

/** Somebody: face, name, and address below. A person without a name goes by address or id. */
export function Person({ id, name, email, title, size }: Props) {
  const shown = name ?? email ?? id;
  const below = name === null ? (email === null ? null : id) : (email ?? id);
  return (
    <span className={classes.person}>
      <Face id={id} name={shown} {...(size !== undefined && { size })} />
      <span className={classes.words}>
        <span className={classes.name}>{title ?? shown}</span>
        {below !== null && <span className={classes.below}>{below}</span>}
      </span>
    </span>
  );
}
