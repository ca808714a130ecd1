import { randomBytes } from "node:crypto";
import { Faults } from "./faults";
import { accountFiles, Ledger, type Call, type Thing } from "./ledger";
import { lookUp } from "./lookups";
import { account, AwsError, type Rule, type Rules, type Scene } from "./rule";
import { refuseHeld, requireReferences, rulesWith, type ControlPlanes } from "./rules";
import { hasUnknown, textAt, type Properties } from "./values";

/** The work of a call was done, and an error is answered all the same, as when a wait has run out. */
export class HalfDone extends Error {
  constructor(
    message: string,
    readonly thing: Thing,
  ) {
    super(message);
  }
}

/** One account of AWS, kept in a directory. */
export class Account {
  readonly rules: Rules;
  readonly #ledger: Ledger;
  readonly #faults: Faults;
  #region = "";

  constructor(directory: string, planes?: ControlPlanes) {
    this.rules = rulesWith(planes);
    this.#ledger = new Ledger(directory);
    this.#faults = new Faults(accountFiles(directory).faults);
  }

  /** @throws AwsError for a login that is of another account than the program wants */
  open({ region, allowedAccountIds }: Properties): void {
    const allowed = allowedAccountIds as string[] | undefined;
    if (allowed && !allowed.includes(account)) {
      throw new AwsError(`AWS account ID not allowed: ${account} is not among ${allowed.join(", ")}`);
    }
    this.#region = String(region);
  }

  rule(type: string): Rule {
    const rule = this.rules[type];
    if (!rule) throw new AwsError(`the fake knows no ${type}; add it to its rules`);
    return rule;
  }

  /** The things of AWS, for what AWS does by itself. */
  get ledger(): Ledger {
    return this.#ledger;
  }

  find(type: string, id: string): Thing | undefined {
    return this.#ledger.find(type, id);
  }

  lookUp(token: string, args: Properties): Properties {
    return lookUp(token, args, this.scene());
  }

  /** Properties that AWS would choose, of a thing that is not made. */
  chosen(type: string, inputs: Properties): string[] {
    return Object.keys(this.rule(type).outputs?.(inputs, "", this.scene()) ?? {});
  }

  create(type: string, inputs: Properties): Promise<Thing> {
    return this.logged("create", type, undefined, async () => {
      const rule = this.rule(type);
      if (hasUnknown(inputs)) throw new Error("a value that is not known reached a creation");
      const { fail, half } = await this.#faults.meet("create", type);
      if (fail !== undefined) throw new AwsError(fail);
      const scene = this.scene();
      const { name } = rule;
      const made = name && inputs[name] === undefined ? { [name]: textAt(inputs, `${name}Prefix`) + scene.fresh } : {};
      const given = { ...inputs, ...made };
      requireReferences(rule, given, scene);
      const id = rule.id(given, scene);
      if (this.find(type, id) && !rule.isThere)
        throw new AwsError(`ResourceInUseException: ${type.split(":").at(-1)} ${id} already exists`);
      rule.check?.(given, scene);
      const thing: Thing = {
        type,
        id,
        region: this.#region,
        inputs,
        outputs: { ...made, ...rule.outputs?.(given, id, scene) },
      };
      await rule.created?.(thing, scene);
      this.#ledger.put(thing);
      if (half !== undefined) throw new HalfDone(half, thing);
      return thing;
    });
  }

  update(type: string, id: string, inputs: Properties): Promise<Thing> {
    return this.logged("update", type, id, async () => {
      const { fail } = await this.#faults.meet("update", type);
      if (fail !== undefined) throw new AwsError(fail);
      const old = this.find(type, id);
      if (!old) throw new AwsError(`ResourceNotFoundException: ${id}`);
      const scene = this.scene();
      requireReferences(this.rule(type), inputs, scene);
      this.rule(type).changing?.(old, inputs, scene);
      const thing = { ...old, inputs };
      this.#ledger.put(thing);
      return thing;
    });
  }

  async delete(type: string, id: string): Promise<void> {
    await this.logged("delete", type, id, async () => {
      const { fail, half } = await this.#faults.meet("delete", type);
      if (fail !== undefined) throw new AwsError(fail);
      const thing = this.find(type, id);
      if (!thing) return undefined;
      const scene = this.scene();
      refuseHeld(this.rules, thing, scene);
      this.rule(type).deleting?.(thing, scene);
      this.#ledger.removeWhere((other) => other.type === type && other.id === id);
      await this.rule(type).deleted?.(thing, scene);
      if (half !== undefined) throw new AwsError(half);
      return thing;
    });
  }

  private async logged<T extends Thing | undefined>(
    op: Call["op"],
    type: string,
    id: string | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    const call = { op, type, ...(id !== undefined && { id }) };
    this.#ledger.log({ ...call, state: "begun" });
    try {
      const thing = await work();
      this.#ledger.log({ ...call, ...(thing && { id: thing.id }), state: "done" });
      return thing;
    } catch (error) {
      this.#ledger.log({ ...call, state: "failed" });
      throw error;
    }
  }

  private scene(): Scene {
    return { ledger: this.#ledger, region: this.#region, fresh: randomBytes(6).toString("hex") };
  }
}
