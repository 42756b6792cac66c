export interface Snippet {
  name: string;
  code: string;
}

/** What a developer pastes into an app, with the addresses and the id filled in. */
export function snippets(serviceUrl: string, applicationId: string): Snippet[] {
  const python = `import os

from understudy import Understudy
from understudy.contrib.asgi import UnderstudyMiddleware

understudy = Understudy.remote(
    "${serviceUrl}",
    "${applicationId}",
    os.environ["UNDERSTUDY_SECRET"],
)


async def load_user(subject):
    """Your user with this id: the one whom the app shows while somebody works as them."""
    return await find_user(subject.id)


app.add_middleware(UnderstudyMiddleware, understudy=understudy, load_user=load_user)`;
  return [
    { name: "Install", code: "pip install understudy" },
    { name: "FastAPI or Starlette", code: python },
  ];
}
