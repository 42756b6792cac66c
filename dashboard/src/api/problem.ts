/** Something that the service refused or could not do (RFC 9457). `code` is stable. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly rule: string | null;
  readonly field: string | null;
  readonly retryAfterSeconds: number | null;
  readonly requestId: string | null;

  constructor(status: number, facts: ProblemFacts) {
    super(facts.detail ?? facts.title ?? `The service answered with status ${status}.`);
    this.name = "ApiProblem";
    this.status = status;
    this.code = facts.code ?? "unknown";
    this.rule = facts.rule ?? null;
    this.field = facts.field ?? null;
    this.retryAfterSeconds = facts.retry_after_seconds ?? null;
    this.requestId = facts.request_id ?? null;
  }
}

/** No answer came at all: the network, or the service, is away. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super("The service cannot be reached.", { cause });
    this.name = "Unreachable";
  }
}

interface ProblemFacts {
  title?: string | undefined;
  detail?: string | undefined;
  code?: string | undefined;
  rule?: string | null | undefined;
  field?: string | null | undefined;
  request_id?: string | undefined;
  retry_after_seconds?: number | null | undefined;
}

/** The problem in an answer. A proxy may have put anything there, so every field is looked at. */
export function problemFrom(status: number, body: unknown): ApiProblem {
  if (typeof body !== "object" || body === null) return new ApiProblem(status, {});
  const facts = body as Record<string, unknown>;
  const seconds = facts.retry_after_seconds;
  return new ApiProblem(status, {
    title: text(facts.title),
    detail: text(facts.detail),
    code: text(facts.code),
    rule: text(facts.rule),
    field: text(facts.field),
    request_id: text(facts.request_id),
    retry_after_seconds: typeof seconds === "number" ? seconds : null,
  });
}

/** True when the operator's own sign-in is missing or over. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 401 && error.code === "not_signed_in";
}

/** True while this browser works as somebody else in the app that the dashboard is a part of. */
export function isNested(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 403 && error.code === "nested";
}

/** True for what the service has said itself, or that it cannot be reached. */
export function isExplained(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof ApiProblem && !isNested(error));
}

/** True when the service says that there is no such thing. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 404;
}

/** True for what may pass by itself: no answer, or a server that is busy. */
export function isPassing(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof ApiProblem && error.status >= 500);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
