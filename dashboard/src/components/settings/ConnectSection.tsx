import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { BASE } from "../../api/base";
import type { Application } from "../../api/types";
import { CodeBlock, CopyIcon } from "../../ui/Copy";
import { Facts } from "../../ui/Facts";
import { Notice } from "../../ui/Notice";
import { Panel } from "../../ui/Panel";
import classes from "./Settings.module.css";
import { type Way, waysToConnect } from "./snippet";

/** The code that connects the app: by our SDK, by those of others, or by plain OAuth. */
export function ConnectSection({ application }: { application: Application }) {
  const url = BASE.href.replace(/\/$/, "");
  const ways = waysToConnect({ url, application });
  const [chosen, choose] = useState<Way["id"]>(
    application.settings.hand_off === "stytch" ? "stytch" : "sdk",
  );
  const way = ways.find(({ id }) => id === chosen);
  return (
    <Panel
      id="connect"
      title="Connect the app"
      lead="The secret comes from an environment variable; it never stands in the code."
    >
      <Facts
        facts={[
          ["Application id", <Copied key="id" value={application.id} what="the application id" />],
          ["Base URL", <Copied key="url" value={url} what="the base URL" />],
        ]}
      />
      <SegmentedControl
        className={classes.ways}
        aria-label="By which SDK"
        data={ways.map(({ id, name }) => ({ value: id, label: name }))}
        value={chosen}
        onChange={(value) => choose(value as Way["id"])}
      />
      {way !== undefined && <Instructions way={way} />}
    </Panel>
  );
}

function Instructions({ way: { lead, note, snippets } }: { way: Way }) {
  return (
    <>
      <p className={classes.cardFacts}>{lead}</p>
      {note !== null && <Notice tone="calm">{note}</Notice>}
      {snippets.map(({ name, code }) => (
        <div key={name}>
          <h3 className={classes.small}>{name}</h3>
          <CodeBlock code={code} label={`${name} code`} />
        </div>
      ))}
    </>
  );
}

function Copied({ value, what }: { value: string; what: string }) {
  return (
    <span className={classes.copied}>
      <code>{value}</code>
      <CopyIcon value={value} label={`Copy ${what}`} />
    </span>
  );
}
