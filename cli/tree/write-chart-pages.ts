/** Writes docs/reference/charts; a test fails when this has to be run again. */
import { sourceRoot } from "../../model/source-root";
import { writeChartPages } from "./chart-page";

writeChartPages(sourceRoot);
