import { useNow } from "../hooks/use-now";
import { ago, ahead, exactly, moment, toTheSecond, universal } from "./duration";

/** A time as people say it; the exact one is its title. */
export function Ago({ at }: { at: string }) {
  const then = Date.parse(at);
  return (
    <time dateTime={at} title={exactly(then)} style={{ whiteSpace: "nowrap" }}>
      {ago(then, useNow())}
    </time>
  );
}

/** A time to come, as people say it. */
export function Ahead({ at }: { at: string }) {
  const then = Date.parse(at);
  return (
    <time dateTime={at} title={exactly(then)} style={{ whiteSpace: "nowrap" }}>
      {ahead(then, useNow())}
    </time>
  );
}

/** A time of day with its date. */
export function Moment({ at }: { at: string }) {
  const then = Date.parse(at);
  return (
    <time dateTime={at} title={exactly(then)}>
      {moment(then)}
    </time>
  );
}

/** A time to the second with its zone; the title has it in UTC. */
export function Stamp({ at }: { at: string }) {
  const then = Date.parse(at);
  return (
    <time dateTime={at} title={universal(then)}>
      {toTheSecond(then)}
    </time>
  );
}
