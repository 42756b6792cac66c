import { useQuery } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { useState } from "react";
import { policiesQuery } from "../api/policies";
import { safeguardsQuery } from "../api/safeguards";
import type { Application, Policies as PoliciesAnswer } from "../api/types";
import { AddRule } from "../components/policies/AddRule";
import { ChangeTerms } from "../components/policies/ChangeTerms";
import { DecisionPoint } from "../components/policies/DecisionPoint";
import { Loosening } from "../components/policies/Loosening";
import classes from "../components/policies/Policies.module.css";
import { PolicyText } from "../components/policies/PolicyText";
import { Proposal } from "../components/policies/Proposal";
import { Simulator } from "../components/policies/Simulator";
import { Versions } from "../components/policies/Versions";
import { ApplicationHeader } from "../components/settings/ApplicationHeader";
import { OfApplication } from "../components/settings/OfApplication";
import { PageWaiting } from "../components/states/PageWaiting";
import { useMay } from "../hooks/use-me";
import { ErrorState } from "../ui/ErrorState";
import { Notice } from "../ui/Notice";
import { Problem } from "../ui/Problem";

export const Route = createLazyRoute("/signed-in/settings/$applicationId/policies")({
  component: Policies,
});

function Policies() {
  const { applicationId } = Route.useParams();
  return (
    <OfApplication id={applicationId}>
      {(application) => <OfOne key={application.id} application={application} />}
    </OfApplication>
  );
}

function OfOne({ application }: { application: Application }) {
  const { data: policies, error, refetch } = useQuery(policiesQuery(application.id));
  return (
    <>
      <ApplicationHeader application={application} about="policies" />
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {policies === undefined ? (
        !error && <PageWaiting />
      ) : (
        <Sections key={policies.version} application={application} policies={policies} />
      )}
    </>
  );
}

interface Props {
  application: Application;
  policies: PoliciesAnswer;
}

function Sections({ application, policies }: Props) {
  const mayChange = useMay("applications.write");
  const [text, setText] = useState(policies.in_force?.text ?? policies.default_text);
  const { proposed } = policies;
  const { data: guards, error } = useQuery(safeguardsQuery(application.id));
  return (
    <div className={classes.sections}>
      {policies.version !== null && policies.in_force === null && (
        <Notice tone="bad" title="The policies in force were changed from outside">
          Nobody can tell what they forbade, so everything is forbidden until you save policies
          anew.
        </Notice>
      )}
      {proposed !== null && (
        <Proposal application={application} proposed={proposed} readOnly={!mayChange} />
      )}
      {guards?.waiting && (
        <Loosening
          key={guards.waiting.id}
          application={application}
          waiting={guards.waiting}
          readOnly={!mayChange}
        />
      )}
      {mayChange && <AddRule text={text} onAdd={setText} />}
      <PolicyText
        application={application}
        policies={policies}
        text={text}
        readOnly={!mayChange}
        onChange={setText}
      />
      {mayChange && <Simulator application={application} text={text} />}
      {mayChange && <ChangeTerms application={application} />}
      {guards && (
        <DecisionPoint
          key={guards.decision_point?.url}
          application={application}
          point={guards.decision_point}
          readOnly={!mayChange}
        />
      )}
      <Problem error={error} />
      <Versions
        application={application}
        current={policies.version}
        readOnly={!mayChange}
        onTake={setText}
      />
    </div>
  );
}
