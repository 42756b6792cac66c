import { useEffect, useRef, useState } from "react";

const PAUSE = 180;

/**
 * A text that is typed here and kept elsewhere, for instance in the URL: it is handed on after a
 * pause, and taken over when it changes there by other means.
 */
export function useDebounced(kept: string, keep: (value: string) => void) {
  const [typed, setTyped] = useState(kept);
  const handedOn = useRef(kept);
  const latest = useRef(keep);
  latest.current = keep;
  useEffect(() => {
    if (kept !== handedOn.current) {
      handedOn.current = kept;
      setTyped(kept);
    }
  }, [kept]);
  useEffect(() => {
    if (typed === handedOn.current) return;
    const timer = setTimeout(() => {
      handedOn.current = typed;
      latest.current(typed);
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [typed]);
  return [typed, setTyped] as const;
}
