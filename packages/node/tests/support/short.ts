/** An app that lives for a moment, and ends in the way that it is told. */

import { FakeGateway } from "../../src/testing/index.ts";
import { anAction } from "./sample.ts";

const [, , way = "plain"] = process.argv;
const gateway = new FakeGateway();
const understudy = gateway.understudy();
const session = gateway.open();
const runtime = understudy.runtime();
runtime.follow();
runtime.recorder.add(session.id, runtime.action(anAction("a-12345678")));

const { record } = gateway;
gateway.record = async (...given) => {
  await record.apply(gateway, given);
  process.stdout.write(`recorded ${given[1].length}\n`);
};
const { leave } = runtime.recorder;
runtime.recorder.leave = () => {
  if (way === "exit") process.stdout.write("left 1\n");
  leave.call(runtime.recorder);
};

if (way === "exit") process.exit(0);
if (way === "SIGTERM") {
  // As a server does, it waits for more.
  setInterval(() => {}, 1_000);
  process.kill(process.pid, way);
}
