import { CloseButton, Kbd, TextInput } from "@mantine/core";
import { useHotkeys, useMergedRef } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, type Ref, useRef } from "react";
import { useDebounced } from "../../hooks/use-debounced";
import classes from "./SearchField.module.css";

interface Props {
  value: string;
  onSearch: (text: string) => void;
  onEnterList: () => void;
  ref?: Ref<HTMLInputElement>;
}

/** Searches while one types. `/` leads here from anywhere on the page, down leads to the rows. */
export function SearchField({ value, onSearch, onEnterList, ref }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useDebounced(value, onSearch);
  useHotkeys([["/", () => input.current?.focus()]]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      onEnterList();
    }
    if (event.key === "Escape" && typed !== "") setTyped("");
  };
  const clear = (
    <CloseButton
      size="sm"
      aria-label="Clear the search"
      onClick={() => {
        setTyped("");
        input.current?.focus();
      }}
    />
  );
  return (
    <TextInput
      ref={useMergedRef(input, ref)}
      className={classes.search}
      type="search"
      aria-label="Search users by name, e-mail or id"
      placeholder="Name, e-mail or id"
      leftSection={<IconSearch size={17} aria-hidden="true" />}
      rightSection={
        typed === "" ? (
          <Kbd size="xs" className={classes.key}>
            /
          </Kbd>
        ) : (
          clear
        )
      }
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      maxLength={200}
      spellCheck={false}
    />
  );
}
