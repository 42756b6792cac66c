/** What is asked of GraphQL endpoints, by their documents. */

import { parse } from "graphql";
import { GraphQLReads } from "../../src/graphqlReads.ts";

export interface QueryCase {
  readonly requests: readonly {
    readonly content_type?: string;
    readonly query?: string;
    readonly body?: string;
  }[];
}

/** Whether each request, one after the other, asks for nothing but what only reads. */
export function queried({ requests }: QueryCase): boolean[] {
  const endpoint = new GraphQLReads({ paths: ["/graphql"], parse });
  return requests.map(({ content_type: kind = "application/json", query = "", body }) =>
    body === undefined
      ? endpoint.readByAddress(query)
      : endpoint.readByBody(kind, query, Buffer.from(body, "latin1")),
  );
}
