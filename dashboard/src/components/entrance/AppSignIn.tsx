import { Button } from "@mantine/core";
import { signInAddress } from "../../api/staff";
import classes from "./Entrance.module.css";

interface Props {
  signInAt: string;
  /** The page of the dashboard to come back to. */
  next: string;
}

/** In place of the form where an app signs its staff in: the way to the app, and another try. */
export function AppSignIn({ signInAt, next }: Props) {
  return (
    <div className={classes.form}>
      <Button component="a" href={signInAddress(signInAt, next)} size="md">
        Go to the app’s sign-in
      </Button>
      {/* Loaded anew, not gone to within the page: only then does the app say who is there. */}
      <Button component="a" href={window.location.href} size="md" variant="default">
        I am signed in there: try again
      </Button>
    </div>
  );
}
