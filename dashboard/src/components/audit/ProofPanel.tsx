import { Button, Group, Loader } from "@mantine/core";
import { IconCertificate, IconDownload, IconShieldX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { receiptQuery } from "../../api/audit";
import type { Entry, Receipt } from "../../api/types";
import { type Evidence, verify } from "../../proof/verify";
import { ErrorState } from "../../ui/ErrorState";
import { Notice } from "../../ui/Notice";
import { Panel } from "../../ui/Panel";
import { ProofSteps } from "./ProofSteps";
import { saveText } from "./save-text";

/** Whether an entry really stands in the signed log, checked by this browser. */
export function ProofPanel({ entry }: { entry: Entry }) {
  const receipt = useQuery({ ...receiptQuery(entry.index), staleTime: Number.POSITIVE_INFINITY });
  return (
    <Panel title="Proof" lead="Checked in this browser, not by the service.">
      {receipt.error ? (
        <ErrorState error={receipt.error} onRetry={() => void receipt.refetch()} />
      ) : receipt.data === undefined ? (
        <Loader aria-label="Fetching the receipt" />
      ) : (
        <Checked entry={entry} receipt={receipt.data} />
      )}
    </Panel>
  );
}

function Checked({ entry, receipt }: { entry: Entry; receipt: Receipt }) {
  const { data: verdict, error } = useQuery({
    queryKey: ["verdicts", entry.index, receipt.receipt],
    queryFn: () => verify(evidenceOf(entry, receipt)),
    retry: false,
  });
  if (error) return <ErrorState error={error} />;
  if (verdict === undefined) return <Loader aria-label="Checking the proof" />;
  return (
    <>
      <div role="status">
        {verdict.holds ? (
          <Notice tone="good" icon={<IconCertificate size={20} />} title="Verified">
            This is entry {entry.index} of the signed log of {verdict.size} entries.
          </Notice>
        ) : (
          <Notice tone="bad" icon={<IconShieldX size={20} />} title="Does not verify">
            The log and this page disagree. Keep the receipt and tell whoever is responsible for
            security.
          </Notice>
        )}
      </div>
      <ProofSteps verdict={verdict} leaf={receipt.leaf} keys={receipt.verifier_keys} />
      <Group mt="md">
        <Button
          variant="default"
          size="sm"
          leftSection={<IconDownload size={16} aria-hidden="true" />}
          onClick={() => saveText(`entry-${entry.index}.tlog-proof`, receipt.receipt)}
        >
          Download the receipt
        </Button>
      </Group>
    </>
  );
}

function evidenceOf(entry: Entry, receipt: Receipt): Evidence {
  return {
    index: entry.index,
    leaf: receipt.leaf,
    receipt: receipt.receipt,
    verifierKeys: receipt.verifier_keys,
    shown: { type: entry.type, time: entry.time },
  };
}
