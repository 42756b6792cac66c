import type { RedactionRule, RedactionTried } from "../../api/types";
import { Notice } from "../../ui/Notice";
import { DETECTORS, KINDS } from "./redaction-words";
import classes from "./Trial.module.css";

const HIDDEN = "HiddenByUnderstudy";

/** What an actor would see of a sample, and which rule hid what. */
export function TriedRedaction({ tried }: { tried: RedactionTried }) {
  const { shown, by } = tried;
  return (
    <div className={classes.result} role="status">
      {shown === null ? (
        <Notice tone="bad" title="Held back">
          This cannot be looked through as what it is said to be, so nobody would see it.
        </Notice>
      ) : (
        <pre className={classes.shown}>{marked(shown)}</pre>
      )}
      <ul className={classes.rules}>
        {by.map(({ kind, match, hid, can_be_tried }) => (
          <li key={`${kind} ${match}`}>
            {kind === null ? (
              "Secrets and tokens"
            ) : (
              <>
                {KINDS[kind]} {called(kind, match)}
              </>
            )}
            {": "}
            {hid.length > 0
              ? hid.map((text, place) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a list that does not change
                  <code key={place} className={classes.taken}>
                    {text}
                  </code>
                ))
              : can_be_tried
                ? "nothing here"
                : "can be told in the app alone"}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A look by its words, all else by its name. */
function called(kind: RedactionRule["kind"], match: string | null) {
  const look = DETECTORS.find(({ value }) => kind === "detector" && value === match);
  return look?.label ?? <code>{match}</code>;
}

/** The masks in a text stand out. */
function marked(text: string) {
  return text.split(HIDDEN).map((part, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a text that does not change
    <span key={place}>
      {place > 0 && <mark className={classes.mask}>{HIDDEN}</mark>}
      {part}
    </span>
  ));
}
