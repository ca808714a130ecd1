import { secretPrefix, tagKeys } from "./names";

/** One statement of an IAM policy. */
export interface Statement {
  Sid: string;
  Effect: "Allow" | "Deny";
  Principal?: { Service: string } | { AWS: string };
  Action: readonly string[];
  /** Absent in a trust policy. */
  Resource?: readonly string[];
  Condition?: Conditions;
}

/** Condition operator, condition key, allowed values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** An IAM policy document. */
export interface Policy {
  Version: "2012-10-17";
  Statement: readonly Statement[];
}

/** The one cluster that a policy is for. */
export interface Place {
  account: string;
  region: string;
  stage: string;
  cluster: string;
}

function policy(...Statement: Statement[]): Policy {
  return { Version: "2012-10-17", Statement };
}

/** Lets EKS run a control plane with a role. */
export function clusterTrust(): Policy {
  return policy(trust("eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"]));
}

/** Lets instances be nodes with a role. */
export function nodeTrust(): Policy {
  return policy(trust("ec2.amazonaws.com", ["sts:AssumeRole"]));
}

/** Lets pods take on a role through EKS Pod Identity: those of this one cluster. */
export function podTrust({ account, region, cluster }: Place): Policy {
  return policy({
    ...trust("pods.eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"]),
    Condition: {
      StringEquals: { "aws:SourceAccount": [account] },
      ArnEquals: { "aws:SourceArn": [`arn:aws:eks:${region}:${account}:cluster/${cluster}`] },
    },
  });
}

function trust(service: string, actions: readonly string[]): Statement {
  return { Sid: "TakeOn", Effect: "Allow", Principal: { Service: service }, Action: actions };
}

/** The key that the cluster's Secrets are encrypted with: policies of this account decide who uses it. */
export function clusterKey({ account }: Place): Policy {
  return policy({
    Sid: "AccountDecides",
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: ["kms:*"],
    Resource: ["*"],
  });
}

/**
 * What external-secrets may: read what it is told the name of, below the prefix of its own stage. It may not list, since a list
 * shows the names of other stages, and it decrypts only through the two services.
 */
export function externalSecrets({ account, region, stage }: Place): Policy {
  const prefix = secretPrefix(stage);
  return policy(
    {
      Sid: "ReadOwnStage",
      Effect: "Allow",
      Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
      Resource: [`arn:aws:secretsmanager:${region}:${account}:secret:${prefix}*`],
    },
    {
      Sid: "ReadOwnParameters",
      Effect: "Allow",
      Action: ["ssm:GetParameter", "ssm:GetParameters"],
      Resource: [`arn:aws:ssm:${region}:${account}:parameter/${prefix}*`],
    },
    {
      Sid: "DecryptThroughThem",
      Effect: "Allow",
      Action: ["kms:Decrypt"],
      Resource: [`arn:aws:kms:${region}:${account}:key/*`],
      Condition: {
        StringEquals: {
          "kms:ViaService": [`secretsmanager.${region}.amazonaws.com`, `ssm.${region}.amazonaws.com`],
          [`aws:ResourceTag/${tagKeys.stage}`]: [stage],
        },
      },
    },
  );
}

/** What external-dns may: change addresses and its own marks in the zones that it is given, and find these zones. */
export function externalDns(zones: readonly string[]): Policy {
  const own = zones.map((zone) => `arn:aws:route53:::hostedzone/${zone}`);
  return policy(
    {
      Sid: "ChangeOwnZones",
      Effect: "Allow",
      Action: ["route53:ChangeResourceRecordSets"],
      Resource: own,
      Condition: {
        "ForAllValues:StringEquals": {
          "route53:ChangeResourceRecordSetsRecordTypes": ["A", "AAAA", "CNAME", "TXT"],
        },
      },
    },
    {
      Sid: "ReadOwnZones",
      Effect: "Allow",
      Action: ["route53:ListResourceRecordSets", "route53:ListTagsForResources"],
      Resource: own,
    },
    {
      Sid: "FindZones",
      Effect: "Allow",
      Action: ["route53:ListHostedZones", "route53:ListHostedZonesByName"],
      Resource: ["*"],
    },
  );
}
