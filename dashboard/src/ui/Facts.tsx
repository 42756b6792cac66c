import { Fragment, type ReactNode } from "react";
import classes from "./Facts.module.css";

type Fact = readonly [name: string, value: ReactNode];

interface Props {
  facts: Fact[];
  /** Each value below its name, for places that are narrow. */
  stacked?: boolean;
}

/** Names and values; a value of null is left out. */
export function Facts({ facts, stacked = false }: Props) {
  return (
    <dl className={classes.facts} data-stacked={stacked}>
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
