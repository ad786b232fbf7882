// Configuration of the page measurements: `cargo xtask bench pages`.

import stories from "./playwright.config.ts";

export default {
  ...stories,
  outputDir: "test-results/measures",
  reporter: "dot",
  // Parallel workers would distort each other's measurements.
  workers: 1,
  projects: [{ name: "measures", testDir: "measures" }],
};
