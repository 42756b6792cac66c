import type { MantineColorsTuple } from "@mantine/core";

/** The colour of the house: links, buttons, what is chosen. */
export const petrol: MantineColorsTuple = [
  "#ebf4f3",
  "#d3e7e5",
  "#a6cfcc",
  "#77b5b1",
  "#4e9b99",
  "#2f8382",
  "#1d6e6f",
  "#155a5c",
  "#10494b",
  "#0b373a",
];

/** The spotlight: somebody is on stage, a session is live. */
export const amber: MantineColorsTuple = [
  "#fff6e3",
  "#ffe9bf",
  "#fdd588",
  "#f9bf52",
  "#f2a92b",
  "#dd900f",
  "#b97306",
  "#8f5805",
  "#6b4205",
  "#4a2e05",
];

/** The curtain: what ends things, and what went wrong. */
export const claret: MantineColorsTuple = [
  "#fcefed",
  "#f6d8d4",
  "#ecb0a9",
  "#e1857c",
  "#d65f55",
  "#c6463c",
  "#ad342c",
  "#8e2822",
  "#701e1a",
  "#511512",
];

/** What has been checked and holds. */
export const leaf: MantineColorsTuple = [
  "#edf6ee",
  "#d6eada",
  "#add5b5",
  "#82be8f",
  "#5ca56d",
  "#418e55",
  "#2f7744",
  "#256137",
  "#1c4c2b",
  "#12361e",
];

/** Warm greys, so that white surfaces read as paper. */
export const stone: MantineColorsTuple = [
  "#faf8f4",
  "#f2efe8",
  "#e8e4da",
  "#d8d3c7",
  "#bbb5a8",
  "#8f8a7f",
  "#6a665d",
  "#524f48",
  "#373530",
  "#23221e",
];

/** The dark scheme: an auditorium before the show. */
export const dusk: MantineColorsTuple = [
  "#dbe1de",
  "#b6c0bc",
  "#93a09b",
  "#6d7a76",
  "#3d4947",
  "#2d3736",
  "#202828",
  "#161c1c",
  "#101515",
  "#0a0e0e",
];
