import type { EditedFile } from "../tree/edit";
import type { PinChange } from "../tree/pins";

/** One component that gets the pin of the stage before, or what the ring before has. */
export interface Promotion {
  component: string;
  /** The stage or the ring that it comes from. */
  origin: string;
  /** The ring that is reached, in a stage with rings. The last one is reached by the files of the stage itself. */
  ring?: string;
  /** The file that decides. */
  file: string;
  /** What is written and removed, the file that decides first. */
  edits: EditedFile[];
  /** What differs in the pin. */
  changes: PinChange[];
  /** True when a version gets lower. */
  back: boolean;
}
