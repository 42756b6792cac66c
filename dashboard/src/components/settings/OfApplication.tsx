import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { applicationsQuery } from "../../api/applications";
import type { Application } from "../../api/types";
import { ErrorState } from "../../ui/ErrorState";
import { PageMissing } from "../states/PageMissing";
import { PageWaiting } from "../states/PageWaiting";

interface Props {
  id: string;
  children: (application: Application) => ReactNode;
}

/** A page about one application: shown once that is there, and there is one. */
export function OfApplication({ id, children }: Props) {
  const { data: applications, error, refetch } = useQuery(applicationsQuery);
  if (error) return <ErrorState page error={error} onRetry={() => void refetch()} />;
  if (applications === undefined) return <PageWaiting />;
  const application = applications.find((one) => one.id === id);
  return application === undefined ? <PageMissing /> : children(application);
}
