// better-auth with its admin plugin on SQLite, as fast as its settings allow: no rate limits, no
// telemetry, the write-ahead log, sessions that are not prolonged meanwhile.
//
//   node server.mjs DATABASE PORT CALLERS
//
// Its first line of output, printed once it listens, is what each caller needs.
import { createServer } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import { admin } from "better-auth/plugins";

const [file, port, count] = process.argv.slice(2);
const database = new DatabaseSync(file);
database.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000;");
const options = {
  database,
  baseURL: `http://127.0.0.1:${port}`,
  secret: "the same in every process of a run",
  emailAndPassword: { enabled: true },
  session: { disableSessionRefresh: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: { level: "error" },
  plugins: [admin()],
};
const { runMigrations } = await getMigrations(options);
await runMigrations();
const auth = betterAuth(options);

async function signUp(name) {
  const body = { name, email: `${name}@example.com`, password: "a long enough password" };
  const { headers, response } = await auth.api.signUpEmail({ body, returnHeaders: true });
  const cookies = headers.getSetCookie().map((cookie) => cookie.split(";")[0]);
  return { id: response.user.id, cookies };
}

const callers = [];
for (let number = 0; number < Number(count); number++) {
  const agent = await signUp(`agent-${number}`);
  database.prepare("UPDATE user SET role = 'admin' WHERE id = ?").run(agent.id);
  const user = await signUp(`user-${number}`);
  callers.push({ cookies: Object.fromEntries(agent.cookies.map((c) => c.split(/=(.*)/s).slice(0, 2))), userId: user.id });
}

createServer(toNodeHandler(auth)).listen(Number(port), "127.0.0.1", () => {
  process.stdout.write(`${JSON.stringify(callers)}\n`);
});
