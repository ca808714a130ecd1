import type { Place, Policy } from "./policies";

/** The tag by which the AWS Load Balancer Controller knows what it made, with the cluster's name as its value. */
const ownerTag = "elbv2.k8s.aws/cluster";

/**
 * What the AWS Load Balancer Controller may, where Auto Mode does not do its work: look at networks and load balancers, make
 * those that carry the name of this cluster, and change only these.
 */
export function loadBalancers({ account, region, cluster }: Place): Policy {
  const balancing = `arn:aws:elasticloadbalancing:${region}:${account}`;
  const balancers = ["targetgroup", "loadbalancer", "listener", "listener-rule"].map(
    (kind) => `${balancing}:${kind}/*`,
  );
  const groups = [`arn:aws:ec2:${region}:${account}:security-group/*`];
  const carries = { StringEquals: { [`aws:ResourceTag/${ownerTag}`]: [cluster] } };
  const gets = { StringEquals: { [`aws:RequestTag/${ownerTag}`]: [cluster] } };
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Look",
        Effect: "Allow",
        Action: [
          "ec2:DescribeAccountAttributes",
          "ec2:DescribeAvailabilityZones",
          "ec2:DescribeInstances",
          "ec2:DescribeInternetGateways",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeRouteTables",
          "ec2:DescribeSecurityGroups",
          "ec2:DescribeSubnets",
          "ec2:DescribeTags",
          "ec2:DescribeVpcs",
          "elasticloadbalancing:Describe*",
          "acm:ListCertificates",
          "acm:DescribeCertificate",
        ],
        Resource: ["*"],
      },
      {
        Sid: "MakeServiceRole",
        Effect: "Allow",
        Action: ["iam:CreateServiceLinkedRole"],
        Resource: ["*"],
        Condition: { StringEquals: { "iam:AWSServiceName": ["elasticloadbalancing.amazonaws.com"] } },
      },
      {
        Sid: "MakeBalancers",
        Effect: "Allow",
        Action: ["elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"],
        Resource: balancers,
        Condition: gets,
      },
      {
        Sid: "TagNewBalancers",
        Effect: "Allow",
        Action: ["elasticloadbalancing:AddTags"],
        Resource: balancers,
        Condition: {
          StringEquals: {
            [`aws:RequestTag/${ownerTag}`]: [cluster],
            "elasticloadbalancing:CreateAction": [
              "CreateLoadBalancer",
              "CreateTargetGroup",
              "CreateListener",
              "CreateRule",
            ],
          },
        },
      },
      {
        Sid: "ChangeOwnBalancers",
        Effect: "Allow",
        Action: [
          "elasticloadbalancing:AddTags",
          "elasticloadbalancing:RemoveTags",
          "elasticloadbalancing:CreateListener",
          "elasticloadbalancing:CreateRule",
          "elasticloadbalancing:DeleteListener",
          "elasticloadbalancing:DeleteLoadBalancer",
          "elasticloadbalancing:DeleteRule",
          "elasticloadbalancing:DeleteTargetGroup",
          "elasticloadbalancing:DeregisterTargets",
          "elasticloadbalancing:ModifyListener",
          "elasticloadbalancing:ModifyLoadBalancerAttributes",
          "elasticloadbalancing:ModifyRule",
          "elasticloadbalancing:ModifyTargetGroup",
          "elasticloadbalancing:ModifyTargetGroupAttributes",
          "elasticloadbalancing:RegisterTargets",
          "elasticloadbalancing:SetIpAddressType",
          "elasticloadbalancing:SetSecurityGroups",
          "elasticloadbalancing:SetSubnets",
        ],
        Resource: balancers,
        Condition: carries,
      },
      {
        Sid: "MakeGroups",
        Effect: "Allow",
        Action: ["ec2:CreateSecurityGroup"],
        Resource: groups,
        Condition: gets,
      },
      {
        Sid: "MakeGroupsInVpc",
        Effect: "Allow",
        Action: ["ec2:CreateSecurityGroup"],
        Resource: [`arn:aws:ec2:${region}:${account}:vpc/*`],
      },
      {
        Sid: "TagNewGroups",
        Effect: "Allow",
        Action: ["ec2:CreateTags"],
        Resource: groups,
        Condition: {
          StringEquals: { [`aws:RequestTag/${ownerTag}`]: [cluster], "ec2:CreateAction": ["CreateSecurityGroup"] },
        },
      },
      {
        Sid: "ChangeOwnGroups",
        Effect: "Allow",
        Action: [
          "ec2:AuthorizeSecurityGroupIngress",
          "ec2:RevokeSecurityGroupIngress",
          "ec2:DeleteSecurityGroup",
          "ec2:CreateTags",
          "ec2:DeleteTags",
        ],
        Resource: groups,
        Condition: carries,
      },
      {
        Sid: "OpenClusterGroup",
        Effect: "Allow",
        Action: ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"],
        Resource: groups,
        Condition: { StringEquals: { [`aws:ResourceTag/kubernetes.io/cluster/${cluster}`]: ["owned"] } },
      },
    ],
  };
}
