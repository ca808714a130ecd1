import { TreeRepo, renewRepo } from "./tree-repo";

/** The tests' tree, to change by the paths of the checkout. */
export class Sample extends TreeRepo {
  write(path: string, content: string | Buffer): void {
    this.put({ [path]: content });
  }
}

export function useSample(): Sample {
  return renewRepo(new Sample());
}

/** The words of an example as a shell makes them: only quotes are known. */
export function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2]!);
}
