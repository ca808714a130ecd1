import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
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
  };
}

/** What exists in the account. It is on disk after every change: whoever is killed, AWS forgets nothing. */
export class Ledger {
  #things: Thing[];

  constructor(private readonly directory: string) {
    mkdirSync(directory, { recursive: true });
    this.#things = accountFiles(directory).things();
  }

  all(type?: string): Thing[] {
    return type === undefined ? [...this.#things] : this.#things.filter((thing) => thing.type === type);
  }

  find(type: string, id: string): Thing | undefined {
    return this.#things.find((thing) => thing.type === type && thing.id === id);
  }

  put(thing: Thing): void {
    this.removeWhere(({ type, id }) => type === thing.type && id === thing.id);
    this.#things.push(thing);
    this.write();
  }

  removeWhere(test: (thing: Thing) => boolean): void {
    this.#things = this.#things.filter((thing) => !test(thing));
    this.write();
  }

  log(call: Call): void {
    appendFileSync(join(this.directory, "calls.jsonl"), `${JSON.stringify(call)}\n`);
  }

  /** Notes what AWS would have let happen, although it breaks a cluster or leaves something behind. */
  careless(message: string): void {
    appendFileSync(join(this.directory, "careless.txt"), `${message}\n`);
  }

  private write(): void {
    writeWhole(accountFiles(this.directory).ledger, JSON.stringify(this.#things, null, 1));
  }
}
