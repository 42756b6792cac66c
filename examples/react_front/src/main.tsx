import "@understudy/react/styles.css";
import "./front.css";
import { UnderstudyProvider } from "@understudy/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App.tsx";

const root = document.getElementById("root");
if (root)
  createRoot(root).render(
    <StrictMode>
      <UnderstudyProvider>
        <App />
      </UnderstudyProvider>
    </StrictMode>,
  );
