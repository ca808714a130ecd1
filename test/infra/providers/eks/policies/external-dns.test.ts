import { externalDns } from "../../../../../infra/providers/eks/policies";
import { questions, role } from "./questions";

const zone = (id: string) => `arn:aws:route53:::hostedzone/${id}`;
const change = "route53:ChangeResourceRecordSets";
const types = (...list: string[]) => ({ "route53:ChangeResourceRecordSetsRecordTypes": list });

questions(
  "external-dns",
  role("prod", "external-dns"),
  [externalDns(["Z1"])],
  [
    {
      title: "change an address in its zone",
      allowed: true,
      action: change,
      resource: zone("Z1"),
      context: types("A", "TXT"),
    },
    { title: "read its zone", allowed: true, action: "route53:ListResourceRecordSets", resource: zone("Z1") },
    { title: "find its zone", allowed: true, action: "route53:ListHostedZones", resource: "*" },
    { title: "change another zone", allowed: false, action: change, resource: zone("Z2"), context: types("A") },
    {
      title: "change a zone whose id begins like its own",
      allowed: false,
      action: change,
      resource: zone("Z12"),
      context: types("A"),
    },
    { title: "delegate its zone", allowed: false, action: change, resource: zone("Z1"), context: types("A", "NS") },
    { title: "read another zone", allowed: false, action: "route53:ListResourceRecordSets", resource: zone("Z2") },
    { title: "delete its zone", allowed: false, action: "route53:DeleteHostedZone", resource: zone("Z1") },
    { title: "make a zone", allowed: false, action: "route53:CreateHostedZone", resource: "*" },
  ],
);
