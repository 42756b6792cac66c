import { ShownOnce } from "../settings/ShownOnce";
import classes from "./Webhooks.module.css";

/** The secret that messages are signed with, and what the receiver does with it. */
export function SigningSecret({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <>
      <p className={classes.lead}>
        The receiver checks every message with it. The libraries <code>standardwebhooks</code> and{" "}
        <code>svix</code> do that in one call, in any language.
      </p>
      <ShownOnce what="signing secret" value={secret} onClose={onClose} />
    </>
  );
}
