import { IconAlertTriangle } from "@tabler/icons-react";
import { failure } from "./ErrorState";
import { Notice } from "./Notice";

/** A failure inline, beside what was tried; nothing while there is none. */
export function Problem({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  return (
    <div role="alert">
      <Notice tone="bad" icon={<IconAlertTriangle size={18} />}>
        {failure(error)}
      </Notice>
    </div>
  );
}
