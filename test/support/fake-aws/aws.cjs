// The command `aws`, as far as a recovery asks it: answers from the ledger of the faked account that FAKE_AWS_DIRECTORY names.
"use strict";
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const words = process.argv.slice(2);
const [service, operation] = words;
/** @type {{ type: string, id: string, inputs: any, outputs: any }[]} */
const things = JSON.parse(readFileSync(join(process.env.FAKE_AWS_DIRECTORY ?? "", "ledger.json"), "utf8"));
const answer = answers()[`${service} ${operation}`];
if (answer === undefined) throw new Error(`the fake does not answer aws ${words.join(" ")}`);
process.stdout.write(JSON.stringify(answer()));

/** @returns {Record<string, () => object>} */
function answers() {
  return {
    "resourcegroupstaggingapi get-resources": () => {
      const wanted = words.filter((word) => word.startsWith("Key=")).map((word) => /^Key=(.*),Values=(.*)$/.exec(word));
      const found = things.filter(({ inputs }) =>
        wanted.every((tag) => tag && inputs.tagsAll?.[tag[1] ?? ""] === tag[2]),
      );
      const arns = found.map(({ outputs }) => outputs.arn ?? outputs.associationArn).filter(Boolean);
      return { ResourceTagMappingList: arns.map((ResourceARN) => ({ ResourceARN })) };
    },
    "kms describe-key": () => ({ KeyMetadata: { KeyState: "Enabled" } }),
    "ec2 describe-route-tables": () => {
      const subnet = words.find((word) => word.startsWith("Name=association.subnet-id"))?.split("Values=")[1];
      const all = things.filter(({ type }) => type === "aws:ec2/routeTableAssociation:RouteTableAssociation");
      const own = all.filter(({ inputs }) => inputs.subnetId === subnet);
      const Associations = own.map(({ id }) => ({ SubnetId: subnet, RouteTableAssociationId: id }));
      return { RouteTables: [{ Associations }] };
    },
  };
}
