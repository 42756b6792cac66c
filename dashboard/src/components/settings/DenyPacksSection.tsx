import { Checkbox } from "@mantine/core";
import { Panel } from "../../ui/Panel";
import {
  ALL_PACKS,
  type DenyPack,
  methodsInWords,
  rulesOf,
  titleOf,
} from "../../wording/deny-packs";
import classes from "./DenyPacks.module.css";
import { useSettingsForm } from "./form";

/** Routes that are refused in every session without anybody writing them down. */
export function DenyPacksSection() {
  const form = useSettingsForm();
  const { packs } = form.values.deny_packs;
  const choose = (pack: DenyPack, on: boolean) => {
    const wanted = ALL_PACKS.filter((one) => (one === pack ? on : packs.includes(one)));
    form.setFieldValue("deny_packs.packs", wanted);
  };
  return (
    <Panel
      id="deny-packs"
      title="Deny profile"
      lead="Routes that change how a user signs in, pays, exports, or what outlives a session. Refused in every session, beside the blocked actions above. Take out single patterns that your app needs."
    >
      <ul className={classes.packs}>
        {ALL_PACKS.map((pack) => (
          <li key={pack}>
            <Checkbox
              label={titleOf(pack)}
              checked={packs.includes(pack)}
              onChange={({ currentTarget }) => choose(pack, currentTarget.checked)}
            />
            {packs.includes(pack) && <Patterns pack={pack} />}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Patterns({ pack }: { pack: DenyPack }) {
  const form = useSettingsForm();
  const { excepted } = form.values.deny_packs;
  const all = rulesOf(pack).flatMap(({ patterns }) => patterns);
  const out = all.filter((pattern) => excepted.includes(pattern)).length;
  const except = (pattern: string, blocked: boolean) => {
    const others = excepted.filter((one) => one !== pattern);
    form.setFieldValue("deny_packs.excepted", blocked ? others : [...others, pattern]);
  };
  return (
    <details className={classes.patterns}>
      <summary>
        {all.length} patterns{out > 0 && `, ${out} taken out`}
      </summary>
      {rulesOf(pack).map((rule) => (
        <fieldset key={`${rule.label} ${rule.methods.join()} ${rule.patterns.join()}`}>
          <legend>
            {rule.label} <code>{methodsInWords(rule)}</code>
          </legend>
          {rule.patterns.map((pattern) => (
            <Checkbox
              key={pattern}
              size="xs"
              label={<code>{pattern}</code>}
              checked={!excepted.includes(pattern)}
              onChange={({ currentTarget }) => except(pattern, currentTarget.checked)}
            />
          ))}
        </fieldset>
      ))}
    </details>
  );
}
