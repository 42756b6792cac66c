import { serverNow } from "./clock";
import { ApiProblem, isPassing } from "./problem";
import type { EndedSession } from "./types";

const PAUSE = 5_000;
const LONGEST = 60 * 60 * 1_000; // no session lives longer
const OVER_ALL_THE_SAME = new Set(["ended_here_only", "ended_not_saved"]);

let unlogged: ReadonlySet<string> = new Set();
const watchers = new Set<() => void>();

/** The sessions that are over while the log does not say so yet. */
export function unloggedNow(): ReadonlySet<string> {
  return unlogged;
}

/** Calls `watcher` whenever `unloggedNow` changes, until what it answers is called. */
export function watchUnlogged(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/**
 * Ends a session by `end`, and repeats that until the log has it: while the service can write
 * nothing, this page keeps the second copy. Answers as the first call does. The repeats stop at the
 * session's own end, and when they are refused.
 */
export async function untilLogged(
  sessionId: string,
  end: () => Promise<EndedSession>,
): Promise<EndedSession> {
  try {
    const ended = await end();
    if (ended.logged === false) void repeat(sessionId, end, Date.parse(ended.ends_at));
    return ended;
  } catch (error) {
    if (isOver(error)) void repeat(sessionId, end, serverNow() + LONGEST);
    throw error;
  }
}

function isOver(error: unknown): boolean {
  return error instanceof ApiProblem && OVER_ALL_THE_SAME.has(error.code);
}

async function repeat(
  sessionId: string,
  end: () => Promise<EndedSession>,
  until: number,
): Promise<void> {
  if (unlogged.has(sessionId)) return;
  show(new Set([...unlogged, sessionId]));
  do {
    await new Promise((resume) => setTimeout(resume, PAUSE));
  } while (serverNow() < until && (await isWaiting(end)));
  show(new Set([...unlogged].filter((other) => other !== sessionId)));
}

async function isWaiting(end: () => Promise<EndedSession>): Promise<boolean> {
  try {
    return (await end()).logged === false;
  } catch (error) {
    return isPassing(error);
  }
}

function show(sessions: ReadonlySet<string>): void {
  unlogged = sessions;
  for (const watcher of watchers) watcher();
}
