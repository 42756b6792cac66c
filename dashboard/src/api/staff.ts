import { BASE } from "./base";

/** Where in the app its staff sign in, and where they go when they leave the dashboard. */
export interface StaffPlaces {
  signInAt: string;
  home: string;
}

/** The places of the app whose login signs operators in; null where they have passwords here. */
export function staffPlaces(): StaffPlaces | null {
  const told = document.querySelector<HTMLMetaElement>('meta[name="understudy-staff"]')?.content;
  if (told === undefined || told === "") return null;
  const { sign_in_at, home } = JSON.parse(told) as { sign_in_at: string; home: string };
  return { signInAt: sign_in_at, home };
}

/** Where to sign in to the app; `next` is the page of the dashboard to come back to. */
export function signInAddress(signInAt: string, next: string): string {
  const { pathname, search } = new URL(next.replace(/^\/+/, ""), BASE);
  return signInAt.replaceAll("{next}", encodeURIComponent(pathname + search));
}

/** Leaves the dashboard for a page of the app. */
export function leaveFor(address: string): void {
  window.location.assign(address);
}
