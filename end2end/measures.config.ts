// How pages are measured: `cargo xtask bench pages`.

import stories from "./playwright.config.ts";

export default {
  ...stories,
  outputDir: "test-results/measures",
  reporter: "dot",
  // Two at once would measure one another.
  workers: 1,
  projects: [{ name: "measures", testDir: "measures" }],
};
