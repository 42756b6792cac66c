"use client";

import { createUnderstudy, type Understudy } from "@understudy/browser";
import { createContext, type ReactElement, type ReactNode, useContext, useState } from "react";

export interface UnderstudyProps {
  /** One that the app has made itself, as for `withoutAnalytics`; otherwise one is made here. */
  readonly understudy?: Understudy | undefined;
  /** Where the SDK's own addresses are in the app. */
  readonly prefix?: string | undefined;
  readonly children?: ReactNode;
}

const Context = createContext<Understudy | null>(null);

/** Around everything of the app that asks who works as whom. It renders on servers as well. */
export function UnderstudyProvider({
  understudy,
  prefix,
  children,
}: UnderstudyProps): ReactElement {
  const [own] = useState(
    () => understudy ?? createUnderstudy(prefix === undefined ? {} : { prefix }),
  );
  return <Context.Provider value={understudy ?? own}>{children}</Context.Provider>;
}

/**
 * The sessions of this browser.
 *
 * @throws Error there is no `UnderstudyProvider` around.
 */
export function useUnderstudy(): Understudy {
  const found = useContext(Context);
  if (found === null) throw new Error("There is no <UnderstudyProvider> around this component.");
  return found;
}
