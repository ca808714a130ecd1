import { existsSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import type { Call } from "./ledger";

/** What is to go wrong. A test writes a list of these into the account's files, also while a run goes on. */
export interface Fault {
  op: Call["op"];
  type: string;
  /** At which call of this kind since the fault is there, from 1; absent: at each. */
  nth?: number;
  /** fail: nothing happens; half: it happens, and an error is answered; slow: it happens later. */
  how: "fail" | "half" | "slow";
  milliseconds?: number;
  message?: string;
}

/** What a call has to do besides its work. */
export interface Trouble {
  fail?: string;
  half?: string;
}

/** Reads the faults at every call. */
export class Faults {
  readonly #counts = new Map<string, number>();
  #text = "";

  constructor(private readonly file: string) {}

  /** The trouble of this call; waits where it is to be slow. */
  async meet(op: Call["op"], type: string): Promise<Trouble> {
    const faults = this.read();
    const key = `${op} ${type}`;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    const trouble: Trouble = {};
    for (const fault of faults) {
      if (fault.op !== op || fault.type !== type || (fault.nth ?? count) !== count) continue;
      if (fault.milliseconds !== undefined) await pause(fault.milliseconds);
      if (fault.how !== "slow") trouble[fault.how] = fault.message ?? `InternalFailure: told to ${fault.how}`;
    }
    return trouble;
  }

  private read(): Fault[] {
    const text = existsSync(this.file) ? readFileSync(this.file, "utf8") : "[]";
    if (text !== this.#text) this.#counts.clear();
    this.#text = text;
    return JSON.parse(text) as Fault[];
  }
}
