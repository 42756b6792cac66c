import type { Connection, Way } from "./snippet";

/** Our own SDK, inside a Python app. */
export function sdkWay({ url, application }: Connection): Way {
  const handOffs =
    application.settings.hand_off === "stytch" ? `,\n    hand_offs=("code", "stytch"),` : ",";
  return {
    id: "sdk",
    name: "Understudy",
    lead: "For Python apps: banner, guard and log come with it. Install it from a checkout of Understudy, here in the folder understudy.",
    snippets: [
      { name: "Install", code: "pip install ./understudy" },
      { name: "Environment", code: `UNDERSTUDY_SECRET=${SECRET}` },
      {
        name: "FastAPI or Starlette",
        code: `import os

from understudy import Understudy
from understudy.contrib.asgi import UnderstudyMiddleware

understudy = Understudy.remote(
    "${url}",
    "${application.id}",
    os.environ["UNDERSTUDY_SECRET"],
)


async def load_user(subject):
    """Your user with this id: the one whom the app shows while somebody works as them."""
    return await find_user(subject.id)


app.add_middleware(
    UnderstudyMiddleware,
    understudy=understudy,
    load_user=load_user${handOffs}
)`,
      },
    ],
    note: null,
  };
}

/** Stands where the secret belongs, which only its owner knows. */
export const SECRET = "…the application’s secret…";
