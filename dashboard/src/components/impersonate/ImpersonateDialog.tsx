import { useMediaQuery } from "@mantine/hooks";
import { useState } from "react";
import type { Application, Grant, Subject } from "../../api/types";
import { WorkDialog } from "../../ui/WorkDialog";
import { nameOf } from "../../wording/people";
import { LaunchPanel } from "./LaunchPanel";
import { OtherSessions } from "./OtherSessions";
import { RequestForm } from "./RequestForm";
import type { Prefill } from "./request";

interface Props {
  /** Whom it is about; closed while null. */
  subject: Subject | null;
  application: Application;
  prefill?: Prefill;
  onClose: () => void;
}

/** From the reason to the live session, in one place. */
export function ImpersonateDialog({ subject, application, prefill, onClose }: Props) {
  const phone = useMediaQuery("(max-width: 40em)") ?? false;
  // The last one stays while the dialog fades away.
  const [shown, setShown] = useState(subject);
  if (subject !== null && subject !== shown) setShown(subject);
  return (
    <WorkDialog
      opened={subject !== null}
      onClose={onClose}
      title={shown === null ? "" : `Impersonate ${nameOf(shown)}`}
      size={540}
      fullScreen={phone}
    >
      {shown !== null && (
        <Steps
          key={shown.id}
          subject={shown}
          application={application}
          prefill={prefill ?? {}}
          onClose={onClose}
        />
      )}
    </WorkDialog>
  );
}

interface StepsProps {
  subject: Subject;
  application: Application;
  prefill: Prefill;
  onClose: () => void;
}

function Steps({ subject, application, prefill, onClose }: StepsProps) {
  const [grant, setGrant] = useState<Grant | null>(null);
  return (
    <>
      <OtherSessions application={application} subjectId={subject.id} grantId={grant?.id} />
      {grant !== null ? (
        <LaunchPanel grant={grant} application={application} onClose={onClose} />
      ) : (
        <RequestForm
          subject={subject}
          settings={application.settings}
          prefill={prefill}
          onGranted={setGrant}
          onCancel={onClose}
        />
      )}
    </>
  );
}
