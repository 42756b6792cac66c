import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { applicationsQuery } from "../api/applications";
import type { Application } from "../api/types";

const REMEMBERED = "understudy.application";

interface Chosen {
  applications: Application[];
  application: Application | undefined;
  result: UseQueryResult<Application[]>;
}

/** The application that a page is about: the one in the URL, the last one looked at, or the first. */
export function useApplication(wanted: string | undefined): Chosen {
  const result = useQuery(applicationsQuery);
  const applications = result.data ?? [];
  const application = choose(applications, wanted ?? localStorage.getItem(REMEMBERED));
  useEffect(() => {
    if (application !== undefined) localStorage.setItem(REMEMBERED, application.id);
  }, [application]);
  return { applications, application, result };
}

function choose(applications: Application[], wanted: string | null): Application | undefined {
  return (
    applications.find(({ id }) => id === wanted) ??
    applications.find(({ status }) => status === "active") ??
    applications[0]
  );
}
