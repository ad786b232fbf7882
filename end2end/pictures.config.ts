// How the pictures in README.md are made: `cargo xtask pictures`.

import stories from "./playwright.config.ts";

export default {
  ...stories,
  globalSetup: undefined,
  outputDir: "test-results/pictures",
  workers: 1,
  projects: [{ name: "pictures", testDir: "pictures" }],
};
