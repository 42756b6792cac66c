/** All live sessions of actors end, whatever the service does meanwhile. */

import { describe, expect, it } from "vitest";
import { NotFound, Unavailable } from "../src/core/errors.ts";
import type { EndCause } from "../src/core/sessions.ts";
import { Endings, LONGEST_SECONDS } from "../src/endings.ts";
import { Secret } from "../src/secret.ts";
import { FakeGateway } from "../src/testing/index.ts";
import { hearing } from "./support/heard.ts";
import { ManualTime } from "./support/sample.ts";
import { during, pass, withManualTimers } from "./support/timers.ts";

withManualTimers();
const heard = hearing();

/** Does each of `faults` once, by the session whose end it meets; `looks` were for whom. */
class Service extends FakeGateway {
  readonly faults: [sessionId: string, fault: Error | false][] = [];
  readonly looks: string[][] = [];
  readonly unknown: Error[] = [];
  looking: Promise<void> | null = null;

  override async sessionsOf(actorIds: ReadonlySet<string>): Promise<readonly string[]> {
    const found = await super.sessionsOf(actorIds);
    this.looks.push([...actorIds]);
    await this.looking;
    const unknown = this.unknown.shift();
    if (unknown !== undefined) throw unknown;
    return found;
  }

  override async end(sessionId: string, cause: EndCause): Promise<boolean> {
    const place = this.faults.findIndex(([of]) => of === sessionId);
    const [fault] = place < 0 ? [] : this.faults.splice(place, 1);
    if (fault?.[1] instanceof Error) throw fault[1];
    return (await super.end(sessionId, cause)) && fault === undefined;
  }
}

function endingsTo(service: Service, time = new ManualTime()): Endings {
  return new Endings({ gateway: service, monotonic: time.monotonic, state: null });
}

function opened(service: Service, actorId: string): string {
  return service.open({ actor: { id: actorId } }).id;
}

async function closed(endings: Endings, seconds = 5): Promise<number> {
  return await during(seconds, endings.close(seconds));
}

describe("whoever leaves", () => {
  it("loses all their sessions, and nobody else does", async () => {
    const service = new Service();
    const [one, two, another] = ["kim", "kim", "lee"].map((who) => opened(service, who));
    const endings = endingsTo(service);
    endings.revokeOf("kim");
    expect(await closed(endings)).toBe(0);
    expect([one, two, another].map((id) => service.ended(id ?? ""))).toEqual([
      "revoked",
      "revoked",
      null,
    ]);
  });

  it("loses them when a service that was away is back", async () => {
    const service = new Service();
    const sessionId = opened(service, "kim");
    service.reachable = false;
    const endings = endingsTo(service);
    endings.revokeOf("kim");
    await pass(2);
    expect(service.ended(sessionId)).toBeNull();
    service.reachable = true;
    await pass(6);
    expect(service.ended(sessionId)).toBe("revoked");
    expect(heard[0]).toMatchObject({ action: "retry_ending", code: "unavailable" });
  });

  it("is one question with ten thousand others", async () => {
    const service = new Service();
    const everybody = Array.from({ length: 10_000 }, (_, number) => `visitor-${number}`);
    const sessionId = opened(service, "visitor-7");
    const endings = endingsTo(service);
    for (const actorId of [...everybody, ...everybody]) endings.revokeOf(actorId);
    expect(await closed(endings)).toBe(0);
    expect(service.ended(sessionId)).toBe("revoked");
    expect(service.looks).toEqual([everybody, everybody]);
  });

  it("does not wait for another whose session cannot be ended yet", async () => {
    const service = new Service();
    const [first, second] = [opened(service, "kim"), opened(service, "kim")];
    for (let time = 0; time < 3; time += 1) service.faults.push([first, new Unavailable()]);
    const endings = endingsTo(service);
    endings.revokeOf("kim");
    await pass(0.3);
    expect([service.ended(first), service.ended(second)]).toEqual([null, "revoked"]);
    await pass(10);
    expect([service.ended(first), service.faults]).toEqual(["revoked", []]);
  });

  it("is revoked again until the log has it", async () => {
    const service = new Service();
    const sessionId = opened(service, "kim");
    service.faults.push([sessionId, false], [sessionId, false], [sessionId, false]);
    const endings = endingsTo(service);
    endings.revokeOf("kim");
    expect(await closed(endings)).toBe(0);
    expect(service.calls.filter((verb) => verb === "end")).toHaveLength(4);
  });

  it("is looked for again when they are named again meanwhile", async () => {
    const service = new Service();
    let answer = () => {};
    service.looking = new Promise((resolve) => {
      answer = resolve;
    });
    const endings = endingsTo(service);
    endings.revokeOf("kim");
    await pass(1);
    const beganSince = opened(service, "kim");
    endings.revokeOf("kim");
    service.looking = null;
    answer();
    await pass(1);
    expect(service.ended(beganSince)).toBe("revoked");
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])(
    "is looked for when they are named %i turns after a look that found nobody",
    async (turns) => {
      const service = new Service();
      const endings = endingsTo(service);
      endings.revokeOf("kim");
      const look = service.sessionsOf.bind(service);
      service.sessionsOf = async (actorIds) => {
        service.sessionsOf = look;
        const found = await look(actorIds);
        afterTurns(turns, () => endings.revokeOf("lee"));
        return found;
      };
      await pass(3);
      expect(service.looks.flat()).toContain("lee");
    },
  );

  it("is asked for again of a service that knows no such question", async () => {
    const service = new Service();
    const sessionId = opened(service, "kim");
    service.unknown.push(new NotFound(), new NotFound());
    const endings = endingsTo(service);
    endings.revokeOf("kim");
    await pass(5);
    expect(service.ended(sessionId)).toBe("revoked");
  });

  it("is given up when no session of theirs can live any more", async () => {
    const [service, time] = [new Service(), new ManualTime()];
    service.reachable = false;
    const endings = endingsTo(service, time);
    for (const actorId of ["kim", "lee"]) endings.revokeOf(actorId);
    await pass(2);
    time.advance(LONGEST_SECONDS);
    await pass(5);
    expect(heard.at(-1)).toMatchObject({ action: "give_up_ending", lost: 2 });
    expect(await closed(endings)).toBe(0);
  });

  it("is counted when a stop leaves them", async () => {
    const service = new Service();
    service.reachable = false;
    const endings = endingsTo(service);
    for (const actorId of ["kim", "lee"]) endings.revokeOf(actorId);
    expect(await closed(endings, 1)).toBe(2);
  });
});

describe("endings of made-up tokens", () => {
  it("push out none of a session's", async () => {
    const service = new Service();
    service.reachable = false;
    const endings = endingsTo(service);
    const sessionId = opened(service, "kim");
    void endings.end(sessionId, null, "ended_by_actor");
    for (let number = 0; number < 1_001; number += 1) {
      void endings.end(null, new Secret(`uss_${number}`), "ended_by_actor");
    }
    expect(heard).toMatchObject([{ action: "give_up_ending", lost: 1 }]);
    service.reachable = true;
    expect(await closed(endings)).toBe(0);
    expect(service.ended(sessionId)).toBe("ended_by_actor");
  });
});

/** Do `work` so many turns of the queue of promises later. */
function afterTurns(turns: number, work: () => void): void {
  void Promise.resolve().then(() => (turns === 0 ? work() : afterTurns(turns - 1, work)));
}
