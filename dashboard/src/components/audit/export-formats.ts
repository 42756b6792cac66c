import type { ExportFormat } from "../../api/audit";

interface Words {
  value: ExportFormat;
  name: string;
  means: string;
}

/** The forms that an export comes in; the first one proves itself. */
export const EXPORT_FORMATS: readonly Words[] = [
  { value: "ndjson", name: "NDJSON", means: "With proofs: it can be checked anywhere" },
  { value: "csv", name: "CSV", means: "For spreadsheets" },
  { value: "ocsf", name: "OCSF", means: "For security lakes" },
  { value: "ecs", name: "ECS", means: "For Elastic" },
  { value: "cef", name: "CEF", means: "For ArcSight, QRadar, Splunk and their like" },
];
