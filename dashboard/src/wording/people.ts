interface Named {
  id: string;
  email: string | null;
  name: string | null;
}

/** What somebody is called. */
export function nameOf({ id, email, name }: Named): string {
  return name ?? email ?? id;
}
