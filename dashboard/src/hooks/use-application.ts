import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { applicationsQuery } from "../api/applications";
import type { Application } from "../api/types";

const REMEMBERED = "understudy.application";

interface Chosen {
  applications: Application[];
  application: Application | undefined;
  /** The URL names an application that is not there, or not theirs to see: nothing stands in for it. */
  unknown: boolean;
  result: UseQueryResult<Application[]>;
}

/** The application that a page is about: the one in the URL, the last one looked at, or the first. */
export function useApplication(wanted: string | undefined): Chosen {
  const result = useQuery(applicationsQuery);
  const applications = result.data ?? [];
  const named = applications.find(({ id }) => id === wanted);
  const application =
    wanted === undefined ? choose(applications, localStorage.getItem(REMEMBERED)) : named;
  useEffect(() => {
    if (application !== undefined) localStorage.setItem(REMEMBERED, application.id);
  }, [application]);
  const unknown = wanted !== undefined && named === undefined && result.isSuccess;
  return { applications, application, unknown, result };
}

function choose(applications: Application[], wanted: string | null): Application | undefined {
  return (
    applications.find(({ id }) => id === wanted) ??
    applications.find(({ status }) => status === "active") ??
    applications[0]
  );
}
