import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Unavailable } from "../src/core/errors.ts";
import { MAX_EVENT, readEvents, readNews } from "../src/eventStream.ts";

const STREAM = [
  ": welcome\n\n",
  'event: heartbeat\ndata: {"index": 5}\n\n',
  'id: 6\nevent: session\ndata: {"session_id": "ses_1", "type": "session.revoked", ',
  '"cause": "revoked"}\n\n',
  'id: 7\nevent: session\ndata: {"session_id": "ses_2", "type": "session.started", ',
  '"cause": null}\n\n',
  'id: 8\nevent: session\ndata: {"session_id": "ses_3é", "type": "session.expired", ',
  '"cause": "invented_later"}\n\n',
  "event: something_else\ndata: not json\n\n",
  'id: 9\nevent: rules\ndata: {"application_id":"app_1"}\n\n',
  'event: heartbeat\ndata: {"index": 9}\n\n',
].join("");
const NEWS = [
  { kind: "beat", index: 5 },
  { kind: "session_closed", sessionId: "ses_1", cause: "revoked", eventId: "6" },
  { kind: "session_closed", sessionId: "ses_3é", cause: null, eventId: "8" },
  { kind: "rules_changed", eventId: "9" },
  { kind: "beat", index: 9 },
];

async function* cut(text: string, cuts: readonly number[] = []): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  const edges = [0, ...[...cuts].sort((one, other) => one - other), bytes.length];
  for (const [place, edge] of edges.slice(1).entries()) yield bytes.subarray(edges[place], edge);
}

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}

describe("a stream of the service", () => {
  it("holds beats, endings and changes of rules, wherever the network cuts it", async () => {
    const cuts = fc.array(fc.nat(Buffer.byteLength(STREAM)), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        expect(await all(readNews(cut(STREAM, at)))).toEqual(NEWS);
      }),
      { numRuns: 50 },
    );
  });

  it.each(["\n", "\r\n", "\r"])("may end its lines in %j", async (ending) => {
    const stream = `${STREAM}:\n`.replaceAll("\n", ending);
    expect(await all(readNews(cut(stream, [40, 41])))).toEqual(NEWS);
  });

  it.each([
    ["is joined of several lines", "data: a\ndata:b\nid: 3\n\n", [["a\nb", "3"]]],
    ["is none without data", "event: session\nid: 1\n\n", []],
    ["is none when it does not end", "data: a\n", []],
    [
      "keeps the id until the next, which holds no null",
      "id: 4\ndata: a\n\ndata: b\n\nid: x\0y\ndata: c\n\n",
      [
        ["a", "4"],
        ["b", "4"],
        ["c", "4"],
      ],
    ],
  ])("has an event that %s", async (_, stream, expected) => {
    const found = await all(readEvents(cut(stream)));
    expect(found.map(({ data, id }) => [data, id])).toEqual(expected);
  });

  it.each(["x".repeat(1_000), "data: x\n".repeat(100)])(
    "is given up when an event has no end",
    async (part) => {
      const endless = `data: ${part.repeat(MAX_EVENT / 500)}`;
      await expect(all(readNews(cut(endless, [999, 70_000])))).rejects.toThrow(Unavailable);
    },
  );

  it.each(["not json", '{"session_id": 5, "type": "session.ended"}', "{}", '{"type": 7}'])(
    "breaks at %s",
    async (data) => {
      const stream = `event: session\ndata: ${data}\n\n`;
      await expect(all(readNews(cut(stream)))).rejects.toThrow(Unavailable);
    },
  );
});
