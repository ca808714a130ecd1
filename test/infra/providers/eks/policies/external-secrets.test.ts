import { clusterKey, externalSecrets } from "../../../../../infra/providers/eks/policies";
import { account, place, questions, region, role } from "./questions";

const secret = (name: string, of = `${region}:${account}`) => `arn:aws:secretsmanager:${of}:secret:${name}-AbCdEf`;
const parameter = (name: string) => `arn:aws:ssm:${region}:${account}:parameter/${name}`;
const key = `arn:aws:kms:${region}:${account}:key/00000000-0000-4000-8000-000000000000`;

/** A key of the account as its owner should have it: policies of the account decide. */
const keyPolicy = clusterKey(place("any"));

const read = "secretsmanager:GetSecretValue";

questions(
  "external-secrets of staging",
  role("staging", "external-secrets"),
  [externalSecrets(place("staging"))],
  [
    { title: "read a secret of staging", allowed: true, action: read, resource: secret("onebranch/staging/db") },
    { title: "read one below", allowed: true, action: read, resource: secret("onebranch/staging/shop/db") },
    {
      title: "look at its description",
      allowed: true,
      action: "secretsmanager:DescribeSecret",
      resource: secret("onebranch/staging/db"),
    },
    {
      title: "read a parameter of staging",
      allowed: true,
      action: "ssm:GetParameter",
      resource: parameter("onebranch/staging/db"),
    },
    { title: "read a secret of prod", allowed: false, action: read, resource: secret("onebranch/prod/db") },
    {
      title: "read a parameter of prod",
      allowed: false,
      action: "ssm:GetParameter",
      resource: parameter("onebranch/prod/db"),
    },
    {
      title: "read what is called like the stage",
      allowed: false,
      action: read,
      resource: secret("onebranch/staging"),
    },
    { title: "read a secret of nobody's", allowed: false, action: read, resource: secret("db") },
    {
      title: "read by a path that contains its prefix",
      allowed: false,
      action: read,
      resource: secret("x/onebranch/staging/db"),
    },
    {
      title: "read in another region",
      allowed: false,
      action: read,
      resource: secret("onebranch/staging/db", `us-east-1:${account}`),
    },
    {
      title: "read in another account",
      allowed: false,
      action: read,
      resource: secret("onebranch/staging/db", `${region}:444455556666`),
    },
    {
      title: "write a secret",
      allowed: false,
      action: "secretsmanager:PutSecretValue",
      resource: secret("onebranch/staging/db"),
    },
    {
      title: "make a secret",
      allowed: false,
      action: "secretsmanager:CreateSecret",
      resource: secret("onebranch/staging/new"),
    },
    {
      title: "delete a secret",
      allowed: false,
      action: "secretsmanager:DeleteSecret",
      resource: secret("onebranch/staging/db"),
    },
    {
      title: "write a parameter",
      allowed: false,
      action: "ssm:PutParameter",
      resource: parameter("onebranch/staging/db"),
    },
    { title: "list secrets", allowed: false, action: "secretsmanager:ListSecrets", resource: "*" },
    {
      title: "list the parameters of a path",
      allowed: false,
      action: "ssm:GetParametersByPath",
      resource: parameter("onebranch/staging/"),
    },
    {
      title: "let somebody else read",
      allowed: false,
      action: "secretsmanager:PutResourcePolicy",
      resource: secret("onebranch/staging/db"),
    },
  ],
);

questions(
  "external-secrets of prod",
  role("prod", "external-secrets"),
  [externalSecrets(place("prod"))],
  [
    { title: "read a secret of prod", allowed: true, action: read, resource: secret("onebranch/prod/db") },
    { title: "read one of prod-eu", allowed: false, action: read, resource: secret("onebranch/prod-eu/db") },
    { title: "read one of staging", allowed: false, action: read, resource: secret("onebranch/staging/db") },
  ],
);

const own = { "aws:ResourceTag/onebranch:stage": "staging" };
const through = (service: string, of = region) => ({ "kms:ViaService": `${service}.${of}.amazonaws.com` });
const decrypt = { action: "kms:Decrypt", resource: key };

questions(
  "external-secrets of staging, of a key of the account,",
  role("staging", "external-secrets"),
  [externalSecrets(place("staging"))],
  [
    {
      title: "decrypt through Secrets Manager",
      allowed: true,
      ...decrypt,
      context: { ...own, ...through("secretsmanager") },
    },
    { title: "decrypt through Parameter Store", allowed: true, ...decrypt, context: { ...own, ...through("ssm") } },
    { title: "decrypt by itself", allowed: false, ...decrypt, context: own },
    { title: "decrypt through another service", allowed: false, ...decrypt, context: { ...own, ...through("s3") } },
    {
      title: "decrypt through another region",
      allowed: false,
      ...decrypt,
      context: { ...own, ...through("secretsmanager", "us-east-1") },
    },
    {
      title: "decrypt with a key of prod",
      allowed: false,
      ...decrypt,
      context: { "aws:ResourceTag/onebranch:stage": "prod", ...through("secretsmanager") },
    },
    { title: "decrypt with a key without a stage", allowed: false, ...decrypt, context: through("secretsmanager") },
    {
      title: "encrypt",
      allowed: false,
      action: "kms:Encrypt",
      resource: key,
      context: { ...own, ...through("secretsmanager") },
    },
    { title: "delete the key", allowed: false, action: "kms:ScheduleKeyDeletion", resource: key, context: own },
  ],
  keyPolicy,
);

questions(
  "a role of another account",
  "arn:aws:iam::444455556666:role/reader",
  [externalSecrets(place("staging"))],
  [{ title: "use a key", allowed: false, ...decrypt, context: { ...own, ...through("secretsmanager") } }],
  keyPolicy,
);
