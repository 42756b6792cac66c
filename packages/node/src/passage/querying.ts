/** What is asked of a GraphQL endpoint in a session that may only read, by its document. */

import type { Held } from "../cache.ts";
import type { GraphQLReads } from "../graphqlReads.ts";
import { Refuse } from "../guard.ts";
import type { Runtime } from "../runtime.ts";
import type { Request } from "./request.ts";
import { keepingBody, type Steps } from "./steps.ts";
import { READ_ONLY } from "./unlocking.ts";

const MOST_BYTES = 1_048_576;

/**
 * `verdict`, or the other one where the document says so: a query by POST, a mutation by GET.
 *
 * The document alone tells, whatever else the app has declared of its endpoint.
 */
export function* queried(
  runtime: Runtime,
  request: Request,
  verdict: Held | Refuse,
  endpoints: GraphQLReads,
): Steps<Held | Refuse> {
  const held = verdict instanceof Refuse ? verdict.held : verdict;
  if (held === null || !held.readOnly || !endpoints.serve(request.asked)) return verdict;
  if (verdict instanceof Refuse && verdict.code !== READ_ONLY) return verdict;
  const onlyReads = yield* reads(request, endpoints);
  if (verdict instanceof Refuse) return onlyReads ? runtime.guard.letIn(held) : verdict;
  return onlyReads ? verdict : new Refuse(403, READ_ONLY, { label: "changes", held });
}

function* reads({ asked, query, headers }: Request, endpoints: GraphQLReads): Steps<boolean> {
  if (asked.onlyReads) return endpoints.readByAddress(query);
  if (!endpoints.mayRead(asked) || headers.has("content-encoding")) return false;
  const body = yield* keepingBody(MOST_BYTES);
  const kind = headers.get("content-type") ?? "";
  return body !== null && endpoints.readByBody(kind, query, body);
}
