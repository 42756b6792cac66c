import { Button } from "@mantine/core";
import { ApiProblem, isNested, isNotFound, Unreachable } from "../api/problem";
import { EmptyState } from "./EmptyState";

interface Props {
  error: unknown;
  onRetry?: (() => void) | undefined;
  /** Whether it stands in place of the whole page. */
  page?: boolean;
}

/** What went wrong while loading, in words, and the way on. */
export function ErrorState({ error, onRetry, page = false }: Props) {
  const { title, text } = wordsFor(error);
  const retry = onRetry && (
    <Button variant="default" onClick={onRetry}>
      Try again
    </Button>
  );
  return (
    <div role="alert">
      <EmptyState title={title} scene="dark" action={retry} page={page}>
        {text}
        {error instanceof ApiProblem && error.requestId !== null && (
          <p>
            Request <code>{error.requestId}</code>
          </p>
        )}
      </EmptyState>
    </div>
  );
}

/** A sentence for a failure, to stand inline beside what failed. */
export function failure(error: unknown): string {
  return error instanceof ApiProblem ? error.message : wordsFor(error).text;
}

function wordsFor(error: unknown): { title: string; text: string } {
  if (error instanceof Unreachable) {
    return {
      title: "The service cannot be reached",
      text: "It did not answer. Check your connection, then try again.",
    };
  }
  if (isNested(error)) {
    return {
      title: "You are working as somebody else",
      text: "Until you end that session, in the banner over the app, the dashboard is closed to this browser.",
    };
  }
  if (isNotFound(error)) {
    return { title: "Nothing here", text: "There is no such thing, or it is not yours to see." };
  }
  if (error instanceof ApiProblem) {
    return { title: titleOf(error.status), text: error.message };
  }
  return {
    title: "Something broke in this page",
    text: "Load it again. If it stays, tell an admin.",
  };
}

function titleOf(status: number): string {
  if (status >= 500) return "Not right now";
  return status === 403 ? "Not for your role" : "That did not work";
}
