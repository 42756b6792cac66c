import { type CSSVariablesResolver, createTheme, type MantineThemeComponent } from "@mantine/core";
import { amber, claret, dusk, leaf, petrol, stone } from "./palette";

const FAMILY = '"Instrument Sans", ui-sans-serif, system-ui, -apple-system, "Segoe UI", sans-serif';

// Plain values: naming the components themselves would load them all before the first page.
const components: Record<string, MantineThemeComponent> = {
  Button: { styles: { root: { fontWeight: 550 } } },
  ActionIcon: { defaultProps: { variant: "subtle", color: "gray" } },
  InputWrapper: { styles: { label: { marginBottom: 4 } } },
  Loader: { defaultProps: { type: "dots" } },
  Modal: {
    defaultProps: {
      radius: "lg",
      padding: "lg",
      overlayProps: { backgroundOpacity: 0.4 },
      closeButtonProps: { "aria-label": "Close" },
    },
    styles: {
      title: {
        overflowWrap: "anywhere",
        fontSize: "1.1875rem",
        fontWeight: 600,
        letterSpacing: "-0.012em",
      },
      header: { background: "var(--us-paper)" },
      content: { background: "var(--us-paper)" },
    },
  },
  Menu: {
    defaultProps: { shadow: "md", position: "bottom-end", withInitialFocusPlaceholder: false },
  },
  PasswordInput: { defaultProps: { size: "md" } },
  SegmentedControl: { defaultProps: { withItemsBorders: false } },
  Select: { defaultProps: { allowDeselect: false, checkIconPosition: "right" } },
  Switch: { defaultProps: { withThumbIndicator: false } },
  Textarea: { defaultProps: { autosize: true, minRows: 3 } },
  TextInput: { defaultProps: { autoComplete: "off" } },
  Tooltip: { defaultProps: { openDelay: 300, withArrow: true } },
};

export const theme = createTheme({
  colors: { petrol, amber, claret, leaf, gray: stone, dark: dusk, red: claret },
  primaryColor: "petrol",
  primaryShade: { light: 7, dark: 6 },
  white: "#fffdf9",
  black: "#1c2423",
  fontFamily: FAMILY,
  fontFamilyMonospace:
    'ui-monospace, "SF Mono", "Cascadia Mono", Consolas, "Liberation Mono", monospace',
  fontSizes: {
    xs: "0.75rem",
    sm: "0.8438rem",
    md: "0.9375rem",
    lg: "1.0625rem",
    xl: "1.25rem",
  },
  lineHeights: { xs: "1.4", sm: "1.45", md: "1.5", lg: "1.5", xl: "1.4" },
  headings: {
    fontFamily: FAMILY,
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "1.625rem", lineHeight: "1.2" },
      h2: { fontSize: "1.1875rem", lineHeight: "1.3" },
      h3: { fontSize: "1rem", lineHeight: "1.35" },
      h4: { fontSize: "0.9375rem", lineHeight: "1.4" },
    },
  },
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "12px", xl: "20px" },
  defaultRadius: "md",
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  components,
});

/** What Mantine's own variables do not name: page, paper, lines, and text that stands back. */
export const variables: CSSVariablesResolver = () => ({
  variables: {
    "--us-rail": "13.75rem",
  },
  light: {
    "--mantine-color-body": "#f7f5f0",
    "--mantine-color-dimmed": "#5e655f",
    "--mantine-color-error": claret[6],
    "--mantine-color-default": "#fffdf9",
    "--mantine-color-default-border": stone[3],
    "--mantine-color-petrol-light": petrol[0],
    "--mantine-color-petrol-light-hover": petrol[1],
    "--mantine-color-petrol-light-color": petrol[7],
    "--mantine-color-claret-light": claret[0],
    "--mantine-color-claret-light-hover": claret[1],
    "--mantine-color-claret-light-color": claret[7],
    "--us-paper": "#fffdf9",
    "--us-paper-sunk": "#f2efe8",
    "--us-line": "#e6e1d6",
    "--us-line-strong": "#d3cdbf",
    "--us-hover": "#f5f2ea",
    "--us-accent-text": petrol[7],
    "--us-live": amber[6],
    "--us-live-soft": amber[0],
    "--us-live-line": amber[2],
    "--us-shadow": "0 1px 2px rgb(60 50 30 / 5%)",
  },
  dark: {
    "--mantine-color-body": "#141a1a",
    "--mantine-color-dimmed": "#98a5a0",
    "--mantine-color-error": claret[3],
    "--mantine-color-default": "#1c2424",
    "--mantine-color-default-border": "#36413f",
    "--mantine-color-petrol-light": "#1c3334",
    "--mantine-color-petrol-light-hover": "#234041",
    "--mantine-color-petrol-light-color": petrol[2],
    "--mantine-color-claret-light": "#33201e",
    "--mantine-color-claret-light-hover": "#402725",
    "--mantine-color-claret-light-color": claret[2],
    "--us-paper": "#1b2222",
    "--us-paper-sunk": "#161d1d",
    "--us-line": "#2a3433",
    "--us-line-strong": "#3c4847",
    "--us-hover": "#212a2a",
    "--us-accent-text": petrol[2],
    "--us-live": amber[4],
    "--us-live-soft": "#2b2415",
    "--us-live-line": "#58441c",
    "--us-shadow": "none",
  },
});
