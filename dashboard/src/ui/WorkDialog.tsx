import { Button, Group, Modal, type ModalProps } from "@mantine/core";
import {
  createContext,
  type FormEvent,
  useContext,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { Notice } from "./Notice";

type Field = HTMLInputElement | HTMLTextAreaElement;
type Loss = "typed" | "shown" | null;

const Showing = createContext<(shown: boolean) => void>(() => {});

const WORDS = {
  typed: "What you typed would be lost.",
  shown: "This is not shown again.",
} as const;

/** Says to the dialog around that it shows what cannot be had again. */
export function useShownOnce(): void {
  const show = useContext(Showing);
  useEffect(() => {
    show(true);
    return () => show(false);
  }, [show]);
}

/**
 * A dialog that holds work: text that somebody typed, or a secret that is shown once. Neither Escape
 * nor a click beside it nor the cross throws that away unasked; the buttons in it close it at once.
 */
export function WorkDialog({ opened, onClose, children, ...props }: ModalProps) {
  const typed = useRef(new Set<Field>());
  const [shown, setShown] = useState(false);
  const [asking, setAsking] = useState<Loss>(null);
  if (!opened && asking !== null) setAsking(null);
  const note = ({ target }: FormEvent) => {
    if (isText(target)) typed.current.add(target);
  };
  const leave = () => {
    const loss = shown ? "shown" : isWritten(typed.current) ? "typed" : null;
    if (loss === null) onClose();
    else setAsking(asking === null ? loss : null);
  };
  return (
    <Modal {...props} opened={opened} onClose={leave} closeOnClickOutside={false} onInput={note}>
      {asking !== null && (
        <Question loss={asking} onStay={() => setAsking(null)} onLeave={onClose} />
      )}
      <Showing value={setShown}>{children}</Showing>
    </Modal>
  );
}

interface QuestionProps {
  loss: keyof typeof WORDS;
  onStay: () => void;
  onLeave: () => void;
}

function Question({ loss, onStay, onLeave }: QuestionProps) {
  const words = useId();
  const stay = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => stay.current?.focus(), []);
  return (
    <Notice tone="live" title={<span id={words}>{WORDS[loss]}</span>}>
      <Group mt="xs" gap="xs">
        <Button ref={stay} size="compact-sm" aria-describedby={words} onClick={onStay}>
          Go on here
        </Button>
        <Button size="compact-sm" variant="default" aria-describedby={words} onClick={onLeave}>
          Close all the same
        </Button>
      </Group>
    </Notice>
  );
}

function isText(target: EventTarget): target is Field {
  if (target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && !/^(checkbox|file|radio)$/.test(target.type);
}

/** Whether there is still text in one of the fields that somebody wrote into. */
function isWritten(typed: Set<Field>): boolean {
  return [...typed].some((field) => field.isConnected && field.value.trim() !== "");
}
