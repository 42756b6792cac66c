import "./theme/mantine.css";
import "@mantine/notifications/styles.css";
import "./theme/global.css";
import { setNonce } from "get-nonce";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { pageNonce } from "./nonce";

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no element #root.");

// For the styles that lock scrolling behind a dialog.
const nonce = pageNonce();
if (nonce !== undefined) setNonce(nonce);

createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
