import { clusterTrust, nodeTrust, podTrust, type Policy } from "../../../../../infra/providers/eks/policies";
import { account, place, questions, region, role } from "./questions";

const from = (cluster: string, of = account) => ({
  "aws:SourceAccount": of,
  "aws:SourceArn": `arn:aws:eks:${region}:${of}:cluster/${cluster}`,
});
const takeOn = { action: "sts:AssumeRole", resource: role("staging", "external-secrets") };
const pods = podTrust(place("staging"));

questions(
  "EKS Pod Identity",
  "pods.eks.amazonaws.com",
  [],
  [
    { title: "take on the role for pods of staging", allowed: true, ...takeOn, context: from("onebranch-staging") },
    {
      title: "name the session",
      allowed: true,
      ...takeOn,
      action: "sts:TagSession",
      context: from("onebranch-staging"),
    },
    { title: "take it on for another cluster", allowed: false, ...takeOn, context: from("onebranch-prod") },
    {
      title: "take it on for one that is called alike",
      allowed: false,
      ...takeOn,
      context: from("onebranch-staging-2"),
    },
    {
      title: "take it on for another account",
      allowed: false,
      ...takeOn,
      context: from("onebranch-staging", "444455556666"),
    },
    { title: "take it on without a source", allowed: false, ...takeOn },
  ],
  pods,
);

const others: [string, string, Policy][] = [
  ["EC2", "ec2.amazonaws.com", pods],
  ["a role of the account", role("staging", "nodes"), pods],
  ["EKS Pod Identity", "pods.eks.amazonaws.com", clusterTrust()],
  ["EKS", "eks.amazonaws.com", nodeTrust()],
];
for (const [title, asking, trust] of others) {
  const context = from("onebranch-staging");
  const row = { title: "take on a role that is not for it", allowed: false, ...takeOn, context };
  questions(title, asking, [], [row], trust);
}
for (const [title, asking, trust] of [
  ["EKS", "eks.amazonaws.com", clusterTrust()],
  ["EC2", "ec2.amazonaws.com", nodeTrust()],
] as const) {
  questions(title, asking, [], [{ title: "take on the role that is for it", allowed: true, ...takeOn }], trust);
}
