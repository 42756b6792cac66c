import { Marks } from "../../ui/Marks";
import classes from "./Audit.module.css";

/** That somebody may not be the owner of the account under whose name they stand. */
export function TakenOver() {
  return (
    <span className={classes.below}>
      <Marks marks={["taken_over"]} />
      <span className="spoken">and not confirmed by its owner</span>
    </span>
  );
}
