// Configuration of the screenshots in README.md: `cargo xtask pictures`.

import stories from "./playwright.config.ts";

export default {
  ...stories,
  globalSetup: undefined,
  outputDir: "test-results/pictures",
  workers: 1,
  projects: [{ name: "pictures", testDir: "pictures" }],
};
