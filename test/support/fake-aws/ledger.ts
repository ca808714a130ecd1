import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../../../machine/files";
import type { Properties } from "./values";

/** Something that exists in the account. */
export interface Thing {
  type: string;
  id: string;
  region: string;
  inputs: Properties;
  outputs: Properties;
  /** Made by AWS itself on behalf of this thing, so that no state of Pulumi knows it. */
  madeBy?: string;
}

/** A call, when it begins and when it ends. */
export interface Call {
  op: "create" | "update" | "delete";
  type: string;
  id?: string;
  state: "begun" | "done" | "failed";
}

/** The files of an account, for those who look at it from outside. */
export function accountFiles(directory: string) {
  const file = (name: string) => join(directory, name);
  const lines = (name: string) => {
    return existsSync(file(name)) ? readFileSync(file(name), "utf8").split("\n").filter(Boolean) : [];
  };
  return {
    ledger: file("ledger.json"),
    faults: file("faults.json"),
    things: () => {
      return existsSync(file("ledger.json")) ? (JSON.parse(readFileSync(file("ledger.json"), "utf8")) as Thing[]) : [];
    },
    calls: () => lines("calls.jsonl").map((line) => JSON.parse(line) as Call),
    careless: () => lines("careless.txt"),
    /** Somebody with the console: what they do is in no call. Only while nobody else works on the account. */
    byHand(change: (things: Thing[]) => Thing[]) {
      writeWhole(file("ledger.json"), JSON.stringify(change(this.things()), null, 1));
    },
  };
}

/** What exists in the account. It is on disk after every change: whoever is killed, AWS forgets nothing. */
export class Ledger {
  readonly #files: ReturnType<typeof accountFiles>;
  #things: Thing[] = [];
  /** The file that they were read from or written to: somebody may change it by hand. */
  #read = "";

  constructor(private readonly directory: string) {
    mkdirSync(directory, { recursive: true });
    this.#files = accountFiles(directory);
  }

  all(type?: string): Thing[] {
    const things = this.things();
    return type === undefined ? [...things] : things.filter((thing) => thing.type === type);
  }

  find(type: string, id: string): Thing | undefined {
    return this.things().find((thing) => thing.type === type && thing.id === id);
  }

  put(thing: Thing): void {
    this.removeWhere(({ type, id }) => type === thing.type && id === thing.id);
    this.write([...this.things(), thing]);
  }

  removeWhere(test: (thing: Thing) => boolean): void {
    this.write(this.things().filter((thing) => !test(thing)));
  }

  log(call: Call): void {
    appendFileSync(join(this.directory, "calls.jsonl"), `${JSON.stringify(call)}\n`);
  }

  /** Notes what AWS would have let happen, although it breaks a cluster or leaves something behind. */
  careless(message: string): void {
    appendFileSync(join(this.directory, "careless.txt"), `${message}\n`);
  }

  private things(): Thing[] {
    const now = this.version();
    if (now !== this.#read) [this.#read, this.#things] = [now, this.#files.things()];
    return this.#things;
  }

  private write(things: Thing[]): void {
    writeWhole(this.#files.ledger, JSON.stringify(things, null, 1));
    [this.#read, this.#things] = [this.version(), things];
  }

  private version(): string {
    const found = statSync(this.#files.ledger, { bigint: true, throwIfNoEntry: false });
    return found === undefined ? "" : `${found.ino} ${found.mtimeNs}`;
  }
}
