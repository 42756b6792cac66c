/** Whether a group can be called so, as the service has it. */
export const isGroup = (name: string) => /^[a-z0-9]([a-z0-9_-]{0,48}[a-z0-9])?$/.test(name);

/** What is wrong with one of `groups`, or null. */
export function groupsFault(groups: string[]): string | null {
  return groups.every(isGroup) ? null : "Small letters, digits, - and _";
}
