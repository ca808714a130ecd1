/** A place in the tree; without a line, the file as a whole. */
export interface At {
  file: string;
  line?: number;
}
