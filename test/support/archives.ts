import { join } from "node:path";
import { beside } from "./paths";

/** Where packed third-party charts are, which no test may download: ONEBRANCH_TEST_CHARTS, or the directory beside the checkout. */
export const archives = process.env.ONEBRANCH_TEST_CHARTS ?? join(beside, "charts");
