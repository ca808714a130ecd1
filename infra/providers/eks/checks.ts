import { isAccount } from "../../../model/identity";
import { kebab } from "../../settings/values";
import type { EksSource, eksSettings } from "./declarations";
import { formatBlock, parseBlock, type Block } from "./ipv4";

type Name = keyof typeof eksSettings;

/** Reports one bad value of a setting. */
function report({ faults }: EksSource, name: Name, value: string, fix: string, why = ""): void {
  faults.setting(name, `setting-${kebab(name)}`, { message: `${name} has "${value}"${why}`, fix });
}

/** The account of the cluster: what the stack says, or else its cluster.yaml. Both must say the same: charts get the one of cluster.yaml. */
export function oneAccount(source: EksSource): string | undefined {
  const { identity, stack } = source;
  const account = source.values.text("awsAccount") ?? identity.account;
  if (account === undefined) {
    source.faults.sentence({
      message: "the provider eks needs the account of the cluster",
      fix: "name it: pulumi config set awsAccount <12 digits>",
    });
  } else if (identity.account !== undefined && account !== identity.account) {
    const why = `, and the account of ${stack} in cluster.yaml is "${identity.account}"`;
    report(source, "awsAccount", account, "name one account in both, or remove one of the two", why);
    return undefined;
  } else if (!isAccount(account)) {
    report(
      source,
      "awsAccount",
      account,
      "give the 12 digits of the account, which `aws sts get-caller-identity` prints",
    );
    return undefined;
  }
  return account;
}

const principal = /^arn:aws:iam::(\d{12}):(role|user)\/[\w+=,.@/-]+$/;

export function assumedRole(source: EksSource): string | undefined {
  const role = source.values.text("eksAssumeRole");
  if (role !== undefined && principal.exec(role)?.[2] !== "role") {
    report(source, "eksAssumeRole", role, "give the ARN of a role: arn:aws:iam::<account>:role/<name>");
  }
  return role;
}

export function admins(source: EksSource, account: string | undefined): string[] {
  const { values, faults } = source;
  const all = values.list("eksAdmins");
  if (all.length === 0) {
    faults.sentence({
      message: "the provider eks needs administrators; without one nobody could log in to the cluster",
      fix: "name them, yours too: pulumi config set eksAdmins '[\"arn:aws:iam::<account>:role/<name>\"]'",
    });
  }
  for (const arn of all) {
    const session = /^arn:aws:sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/.exec(arn);
    const found = principal.exec(arn);
    if (session) {
      const role = `arn:aws:iam::${session[1]}:role/${session[2]}`;
      report(source, "eksAdmins", arn, `name the role: ${role}, with its path if it has one`, ", which is a session");
    } else if (!found) {
      report(source, "eksAdmins", arn, "give the ARN of a role or user: arn:aws:iam::<account>:role/<name>");
    } else if (account !== undefined && found[1] !== account) {
      report(source, "eksAdmins", arn, `name one of the account ${account}`, `, of another account than awsAccount`);
    }
  }
  reportTwice(source, "eksAdmins", all);
  return all;
}

export function publicCidrs(source: EksSource): string[] {
  const all = source.values.list("eksPublicCidrs");
  for (const text of all) {
    const block = parseBlock(text);
    if (block?.bits === 0) {
      report(
        source,
        "eksPublicCidrs",
        text,
        "name the addresses of your offices, runners or VPN",
        ", the whole internet",
      );
    } else reportBlock(source, "eksPublicCidrs", text, block);
  }
  reportTwice(source, "eksPublicCidrs", all);
  return all;
}

/** Three zones have to fit: a quarter of the block for each, and the smallest public subnet that AWS makes. */
export function vpcBlock(source: EksSource): Block {
  const text = source.values.text("eksVpcCidr") ?? "";
  const block = parseBlock(text);
  if (block !== undefined && (block.bits < 16 || block.bits > 20)) {
    report(source, "eksVpcCidr", text, "give a block of /16 to /20");
  } else reportBlock(source, "eksVpcCidr", text, block);
  return block ?? { first: 0, bits: 16 };
}

function reportBlock(source: EksSource, name: Name, text: string, block: Block | undefined): void {
  if (block === undefined) report(source, name, text, "give a block of IPv4 addresses such as 10.0.0.0/16");
  else if (formatBlock(block) !== text) {
    report(source, name, text, `write ${formatBlock(block)}`, ", which is not the start of a block");
  }
}

export function subnets(source: EksSource): string[] {
  const all = listOf(
    source,
    "eksSubnets",
    /^subnet-[0-9a-f]+$/,
    () => "give ids of subnets such as subnet-0123456789abcdef0",
  );
  if (all.length === 1) report(source, "eksSubnets", all[0]!, "add one of another zone", " alone; EKS needs two zones");
  return all;
}

const zone = /^Z[0-9A-Z]+$/;

export function hostedZones(source: EksSource): string[] {
  return listOf(source, "eksHostedZones", zone, (id) => {
    const bare = id.replace(/^\/?hostedzone\//, "");
    return zone.test(bare) ? `write ${bare}` : "give the id of a zone such as Z0123456789ABCDEFGHIJ";
  });
}

export function nodeTypes(source: EksSource): string[] {
  const isType = /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/;
  const all = listOf(source, "eksNodeTypes", isType, () => "give instance types such as m7i.large");
  return all.length === 0 ? ["m7i.large"] : all;
}

/** The values of a setting; those that do not match, and those that come twice, are reported. */
function listOf(source: EksSource, name: Name, right: RegExp, fixOf: (value: string) => string): string[] {
  const all = source.values.list(name);
  for (const value of all.filter((one) => !right.test(one))) report(source, name, value, fixOf(value));
  reportTwice(source, name, all);
  return all;
}

function reportTwice(source: EksSource, name: Name, all: readonly string[]): void {
  for (const value of new Set(all.filter((one, index) => all.indexOf(one) !== index))) {
    report(source, name, value, "name it once", " more than once");
  }
}
