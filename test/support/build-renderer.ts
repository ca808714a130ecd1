/** Builds the renderer before the tests: of two that run side by side the second would wait for the first one's build. */
import { rendererBinary } from "../../cli/tree/renderer/binary";

void rendererBinary({ env: process.env, progress: (text) => console.log(text) });
