import classes from "./Face.module.css";
import { hueOf, initials } from "./initials";

const HUES = 6;

/** A person's initials on a colour of their own. */
export function Face({ id, name, size = 34 }: { id: string; name: string; size?: number }) {
  return (
    <span
      className={classes.face}
      data-face
      data-hue={hueOf(id, HUES)}
      style={{ width: size, height: size, fontSize: size * 0.37 }}
      aria-hidden="true"
    >
      {initials(name)}
    </span>
  );
}
