import assert from "node:assert/strict";
import { loadBalancers } from "../../../../../infra/providers/eks/load-balancer-policy";
import { account, place, questions, region, role } from "./questions";

const balancer = `arn:aws:elasticloadbalancing:${region}:${account}:loadbalancer/app/k8s-shop/0123456789abcdef`;
const group = `arn:aws:ec2:${region}:${account}:security-group/sg-0123456789abcdef0`;
const tagged = (where: "Request" | "Resource", cluster: string) => ({
  [`aws:${where}Tag/elbv2.k8s.aws/cluster`]: cluster,
});
const make = "elasticloadbalancing:CreateLoadBalancer";
const remove = "elasticloadbalancing:DeleteLoadBalancer";

questions(
  "the load balancer controller",
  role("prod", "load-balancer"),
  [loadBalancers(place("prod"))],
  [
    {
      title: "make a load balancer of its cluster",
      allowed: true,
      action: make,
      resource: balancer,
      context: tagged("Request", "onebranch-prod"),
    },
    {
      title: "delete it",
      allowed: true,
      action: remove,
      resource: balancer,
      context: tagged("Resource", "onebranch-prod"),
    },
    {
      title: "delete its security group",
      allowed: true,
      action: "ec2:DeleteSecurityGroup",
      resource: group,
      context: tagged("Resource", "onebranch-prod"),
    },
    {
      title: "make one of another cluster",
      allowed: false,
      action: make,
      resource: balancer,
      context: tagged("Request", "onebranch-staging"),
    },
    { title: "make one of no cluster", allowed: false, action: make, resource: balancer },
    {
      title: "delete one of another cluster",
      allowed: false,
      action: remove,
      resource: balancer,
      context: tagged("Resource", "onebranch-staging"),
    },
    {
      title: "delete a security group of nobody's",
      allowed: false,
      action: "ec2:DeleteSecurityGroup",
      resource: group,
    },
    {
      title: "take over one by tagging it",
      allowed: false,
      action: "elasticloadbalancing:AddTags",
      resource: balancer,
      context: { ...tagged("Request", "onebranch-prod"), ...tagged("Resource", "onebranch-staging") },
    },
    {
      title: "take over a security group by tagging it",
      allowed: false,
      action: "ec2:CreateTags",
      resource: group,
      context: tagged("Request", "onebranch-prod"),
    },
    { title: "make roles", allowed: false, action: "iam:CreateRole", resource: "*" },
    {
      title: "make the service's own role",
      allowed: true,
      action: "iam:CreateServiceLinkedRole",
      resource: `arn:aws:iam::${account}:role/aws-service-role/elasticloadbalancing.amazonaws.com/x`,
      context: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" },
    },
  ],
);

describe("the longest policy", () => {
  it("is as short as IAM takes it: 10,240 characters inside a role", () => {
    assert.ok(JSON.stringify(loadBalancers(place("a".repeat(60)))).length < 10_240);
  });
});
