import type { Snapshot } from "../views";

const data = document.getElementById("snapshot")?.textContent;

/** What the page shows when it is a file; undefined when `onebranch ui` serves it. */
export const snapshot = data === undefined ? undefined : (JSON.parse(data) as Snapshot);
