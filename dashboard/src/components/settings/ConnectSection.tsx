import { BASE } from "../../api/base";
import type { Application } from "../../api/types";
import { CodeBlock, CopyIcon } from "../../ui/Copy";
import { Panel } from "../../ui/Panel";
import classes from "./Settings.module.css";
import { snippets } from "./snippet";

/** The code that puts the SDK into the app. */
export function ConnectSection({ application }: { application: Application }) {
  return (
    <Panel
      id="connect"
      title="Connect the app"
      lead={
        <>
          The secret comes from the environment variable <code>UNDERSTUDY_SECRET</code>; it never
          stands in the code.
        </>
      }
    >
      <p>
        Application id <code>{application.id}</code>{" "}
        <CopyIcon value={application.id} label="Copy the application id" />
      </p>
      <div className={classes.sections}>
        {snippets(BASE.href.replace(/\/$/, ""), application.id).map(({ name, code }) => (
          <div key={name}>
            <p className={classes.cardFacts}>{name}</p>
            <CodeBlock code={code} label={`${name} code`} />
          </div>
        ))}
      </div>
    </Panel>
  );
}
