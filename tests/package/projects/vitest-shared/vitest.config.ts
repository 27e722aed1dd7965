import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { globalSetup: ["ravel-server/vitest"] },
});
