import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  // Both back ends serve it below /static/.
  base: "/static/",
  build: { outDir: "dist", target: "es2022" },
});
