import { Fragment, type ReactNode } from "react";
import classes from "./Facts.module.css";

export type Fact = readonly [name: string, value: ReactNode];

/** Names and values; a value of null is left out. */
export function Facts({ facts }: { facts: Fact[] }) {
  return (
    <dl className={classes.facts}>
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== "")
        .map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
    </dl>
  );
}
