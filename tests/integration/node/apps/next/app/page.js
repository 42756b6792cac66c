import { currentUser } from "../people.mjs";

export default async function Page() {
  const user = await currentUser();
  return <h1>{`Hello ${user?.name ?? "stranger"}`}</h1>;
}
