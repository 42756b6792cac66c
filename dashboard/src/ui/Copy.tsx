import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import classes from "./Copy.module.css";

const SHOWN = 1_600;

function useCopy(value: string): { copied: boolean; copy: () => void } {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => {
    // Where the browser refuses the clipboard, the text stays there to be selected.
    navigator.clipboard?.writeText(value).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return { copied, copy };
}

/** A small button beside an id. */
export function CopyIcon({ value, label }: { value: string; label: string }) {
  const { copied, copy } = useCopy(value);
  return (
    <Tooltip label={copied ? "Copied" : label}>
      <ActionIcon size="sm" onClick={copy} aria-label={copied ? "Copied" : label}>
        {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
      </ActionIcon>
    </Tooltip>
  );
}

/** A text that is there to be copied: a secret, a link, a command. */
export function CopyField({ value, label }: { value: string; label: string }) {
  const { copied, copy } = useCopy(value);
  return (
    <div className={classes.field}>
      <code className={classes.value}>{value}</code>
      <Button
        size="xs"
        variant="light"
        onClick={copy}
        leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
        aria-label={copied ? "Copied" : label}
      >
        {copied ? "Copied" : "Copy"}
      </Button>
    </div>
  );
}

/** Several lines of code with a button that copies them all. */
export function CodeBlock({ code, label }: { code: string; label: string }) {
  return (
    <figure className={classes.block} aria-label={label}>
      <div className={classes.corner}>
        <CopyIcon value={code} label={`Copy ${label}`} />
      </div>
      {/* Wide code is scrolled by keyboard, too. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must take the focus */}
      <pre tabIndex={0}>
        <code>{code}</code>
      </pre>
    </figure>
  );
}
