// The command `aws`, as far as a recovery asks it: answers from the ledger of the faked account that FAKE_AWS_DIRECTORY names.
"use strict";
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { parse } = require("yaml");

const words = process.argv.slice(2);
const [service, operation] = words;
/** @type {{ type: string, id: string, inputs: any, outputs: any }[]} */
const things = JSON.parse(readFileSync(join(process.env.FAKE_AWS_DIRECTORY ?? "", "ledger.json"), "utf8"));
if (service === "--version") {
  process.stdout.write("aws-cli/2 (fake)\n");
  process.exit();
}
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
    // The login of the control plane, as long as the account has the cluster and lets this caller in.
    "eks get-token": () => {
      const name = words[words.indexOf("--cluster-name") + 1];
      const isThere = things.some(({ type, id }) => type === "aws:eks/cluster:Cluster" && id === name);
      const isAdmitted = things.some(
        ({ type, inputs }) =>
          type === "aws:eks/accessPolicyAssociation:AccessPolicyAssociation" &&
          inputs.clusterName === name &&
          inputs.principalArn === "arn:aws:iam::111122223333:role/deployer",
      );
      if (!isThere || !isAdmitted) throw new Error(`the cluster ${name} does not let this caller in`);
      const { users } = parse(readFileSync(process.env.FAKE_AWS_KUBECONFIG ?? "", "utf8"));
      const { "client-certificate-data": certificate, "client-key-data": key } = users[0].user;
      const text = (/** @type {string} */ encoded) => Buffer.from(encoded, "base64").toString();
      return {
        apiVersion: "client.authentication.k8s.io/v1",
        kind: "ExecCredential",
        status: { clientCertificateData: text(certificate), clientKeyData: text(key) },
      };
    },
    "eks describe-nodegroup": () => {
      const [cluster, name] = ["--cluster-name", "--nodegroup-name"].map((word) => words[words.indexOf(word) + 1]);
      const group = things.find(
        ({ type, id }) => type === "aws:eks/nodeGroup:NodeGroup" && id === `${cluster}:${name}`,
      );
      return { nodegroup: { status: group?.outputs.status } };
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
