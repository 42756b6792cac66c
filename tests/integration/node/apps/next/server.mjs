/** An app on Next, on a server of its own. */

import { understudyNext } from "@understudy/node/next";
import next from "next";
import { findUser, isServing, understudy } from "../people.mjs";

const app = next({ dir: import.meta.dirname });
await app.prepare();
const guard = understudyNext(understudy, { loadUser: findUser, ownCookies: ["login"] });
const server = guard.createServer(app.getRequestHandler());
server.listen(Number(process.env.PORT), "127.0.0.1", () => isServing(server));
